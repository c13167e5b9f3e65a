import { randomBytes } from "node:crypto";
import type { Variables } from "./environment.ts";

/** Adds a new `SERVICE_TOKEN` of 256 random bits to an environment that has none; an empty one is none. */
export function withServiceToken(env: Variables): Variables {
  const token = env["SERVICE_TOKEN"] || randomBytes(32).toString("base64url");
  return { ...env, SERVICE_TOKEN: token };
}
