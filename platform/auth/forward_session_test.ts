import assert from "node:assert/strict";
import { Metadata } from "@grpc/grpc-js";
import { runWithCaller } from "./caller.ts";
import { createSessionUuid } from "./session_uuid.ts";
import { forwardSessionUUIDToGRPC } from "./forward_session.ts";
import { SESSION_UUID_KEY } from "./metadata.ts";

Deno.test("the session replaces any other session in the metadata, and nothing else changes", () => {
  const session = { sessionUuid: createSessionUuid(), userUuid: crypto.randomUUID() };
  const metadata = new Metadata();
  metadata.add(SESSION_UUID_KEY, "another session");
  metadata.add(SESSION_UUID_KEY, "a third session");
  metadata.set("x-request-id", "r-1");
  assert.equal(
    runWithCaller({ kind: "session", session }, () => forwardSessionUUIDToGRPC(metadata)),
    metadata,
  );
  assert.deepEqual(metadata.toJSON(), { [SESSION_UUID_KEY]: [session.sessionUuid], "x-request-id": ["r-1"] });
});

Deno.test("without a session, nothing is added", () => {
  assert.deepEqual(forwardSessionUUIDToGRPC(new Metadata()).toJSON(), {});
});
