import "@rocket/platform/refuse-broken-runtime";
import { runService } from "@rocket/platform/service";
import { startOrder } from "./app.ts";

await runService(startOrder);
