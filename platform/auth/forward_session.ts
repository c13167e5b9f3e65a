import type { Metadata } from "@grpc/grpc-js";
import { currentSession } from "./caller.ts";
import { SESSION_UUID_KEY } from "./metadata.ts";

/**
 * Copies the session of the current request into outgoing metadata, so that the next service can check it for itself.
 * Without a session the metadata stays unchanged, and a guarded service refuses the call.
 *
 * @returns The same metadata, for chaining.
 */
export function forwardSessionUUIDToGRPC(metadata: Metadata): Metadata {
  const session = currentSession();
  if (session !== undefined) metadata.set(SESSION_UUID_KEY, session.sessionUuid);
  return metadata;
}
