import "@rocket/platform/refuse-broken-runtime";
import { runService } from "@rocket/platform/service";
import { startPayment } from "./app.ts";

await runService(startPayment);
