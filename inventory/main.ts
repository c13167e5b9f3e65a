import "@rocket/platform/refuse-broken-runtime";
import { runService } from "@rocket/platform/service";
import { startInventory } from "./app.ts";

await runService(startInventory);
