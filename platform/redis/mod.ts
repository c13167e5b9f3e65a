/**
 * The Redis client.
 *
 * @module
 */
export { createRedis, type Redis } from "./redis.ts";
