import "@rocket/platform/refuse-broken-runtime";
import { runService } from "@rocket/platform";
import { startIam } from "./app.ts";

await runService(startIam);
