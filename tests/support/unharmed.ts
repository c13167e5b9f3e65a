import { SERVICE_NAMES } from "@rocket/dev";
import assert from "node:assert/strict";
import type { System } from "./system.ts";

/** Asserts that every service is running and has logged no error. */
export function assertUnharmed(system: System): void {
  for (const name of SERVICE_NAMES) {
    const { isRunning, output } = system.process(name);
    assert.ok(isRunning, name);
    assert.deepEqual(output.filter((line) => /"level":"(error|fatal)"/.test(line)), []);
  }
}
