import "@rocket/platform/refuse-broken-runtime";
import { runService } from "@rocket/platform";
import { startInventory } from "./app.ts";

await runService(startInventory);
