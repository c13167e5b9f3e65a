/**
 * A program that pretends to run on another Deno: `refused.ts VERSION`. Prints `loaded` if it is accepted.
 *
 * @module
 */
import { assertSafeRuntime } from "@rocket/platform/runtime";
import { say } from "./commands.ts";

assertSafeRuntime(["dev", "--fresh"], Deno.args[0]);
say("loaded");
