/**
 * The Redis client.
 *
 * @module
 */
export { createSharedRateLimit, withinCheckLimit } from "./rate_limit.ts";
export { createRedis, type Redis } from "./redis.ts";
