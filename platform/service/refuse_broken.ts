/**
 * Refuses a Deno that breaks under gRPC, before anything else is loaded; see `assertSafeRuntime`.
 *
 * The first import of each `main.ts`. Modules are evaluated in the order of their imports, so this one runs
 * before grpc-js is evaluated, without a dynamic import:
 *
 * ```ts
 * import "@rocket/platform/refuse-broken-runtime";
 * import { runService } from "@rocket/platform/service";
 * ```
 *
 * It names `dev` as the task to use instead, with the arguments that the program was given.
 *
 * As a program it guards a task, its arguments being the task to use instead:
 * `deno run platform/service/refuse_broken.ts test && deno test …`.
 *
 * @module
 */
import { assertSafeRuntime } from "./runtime.ts";

assertSafeRuntime(import.meta.main ? Deno.args : ["dev", ...Deno.args]);
