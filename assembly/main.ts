import "@rocket/platform/refuse-broken-runtime";
import { runService } from "@rocket/platform/service";
import { startAssembly } from "./app.ts";

await runService(startAssembly);
