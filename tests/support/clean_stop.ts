import type { ServiceName } from "@rocket/dev";
import assert from "node:assert/strict";
import { CORE_SERVICES, type System } from "./system.ts";

/** Stops the services, and asserts that each was running until then, exits with code 0 and has logged no error. */
export async function assertCleanStop(
  system: System,
  names: readonly ServiceName[] = CORE_SERVICES,
): Promise<void> {
  for (const name of names.toReversed()) {
    const service = system.process(name);
    assert.ok(service.isRunning, name);
    assert.equal((await system.stop(name)).code, 0, name);
    assert.deepEqual(service.output.filter((line) => /"level":"(error|fatal)"/.test(line)), []);
  }
}
