import "@rocket/platform/refuse-broken-runtime";
import { runService } from "@rocket/platform/service";
import { startIam } from "./app.ts";

await runService(startIam);
