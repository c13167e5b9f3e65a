/**
 * Environment variables, and the Deno permissions that follow from them.
 *
 * @module
 */
export { COMMON_VARIABLES } from "./common_variables.ts";
export { type Config, type Environment, InvalidConfig, readConfig, type Variables } from "./config.ts";
export { type Address, denoFlags, type Needs } from "./permissions.ts";
export { printDenoFlags } from "./print_deno_flags.ts";
export { storeTarget } from "./store_target.ts";
export {
  duration,
  host,
  integer,
  oneOf,
  port,
  postgresUrl,
  redisUrl,
  target,
  type Variable,
} from "./variable.ts";
