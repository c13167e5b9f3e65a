/**
 * A program that takes its Deno for another: `refused.ts VERSION`. Prints `loaded` where it is let through.
 *
 * @module
 */
import { assertSafeRuntime } from "@rocket/platform/runtime";
import { say } from "./commands.ts";

assertSafeRuntime(["dev", "--fresh"], Deno.args[0]);
say("loaded");
