import "@rocket/platform/refuse-broken-runtime";
import { runService } from "@rocket/platform/service";
import { startNotification } from "./app.ts";

await runService(startNotification);
