/**
 * Checks the version of Deno that it is given: `guarded.ts VERSION`. Prints `loaded` if the version is accepted.
 *
 * @module
 */
import { assertSafeRuntime } from "@rocket/platform/runtime";
import { printEvent } from "./commands.ts";

assertSafeRuntime(["dev", "--fresh"], Deno.args[0]);
printEvent("loaded");
