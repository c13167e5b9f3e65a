import { SERVICE_NAMES } from "@rocket/dev";
import assert from "node:assert/strict";
import type { System } from "./system.ts";

/** Holds every service to live, and to know of no fault of its own. */
export function assertUnharmed(system: System): void {
  for (const name of SERVICE_NAMES) {
    const { isRunning, output } = system.process(name);
    assert.ok(isRunning, name);
    assert.deepEqual(output.filter((line) => /"level":"(error|fatal)"/.test(line)), []);
  }
}
