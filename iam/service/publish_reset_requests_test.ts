import assert from "node:assert/strict";
import { createLogger } from "@rocket/platform/log";
import { AccountEvent, AccountEventKind } from "@rocket/proto/events";
import type { WaitingResetRequest } from "../repository/reset_requests.ts";
import { createAuditChange } from "./audit.ts";
import { createPublishResetRequests } from "./publish_reset_requests.ts";

const OPEN = new AbortController().signal;

/** Requests that wait. Another replica takes up those of `taken` first. */
function arrange(waiting: WaitingResetRequest[], taken: readonly string[] = []) {
  const published: { readonly event: AccountEvent; readonly requestId: string | null }[] = [];
  const lines: string[] = [];
  const log = createLogger(
    { service: "iam", level: "info", format: "json" },
    { write: (line) => void lines.push(line) },
  );
  const remove = (ids: readonly string[]) => {
    for (const id of ids) waiting.splice(waiting.findIndex((request) => request.id === id), 1);
  };
  const publish = createPublishResetRequests({
    find: (limit) => Promise.resolve(waiting.slice(0, limit)),
    publish(id, { payload, requestId }) {
      remove([id]);
      if (taken.includes(id)) return Promise.resolve(false);
      published.push({ event: AccountEvent.decode(payload), requestId });
      return Promise.resolve(true);
    },
    drop: (ids) => Promise.resolve(remove(ids)),
  }, { change: createAuditChange(log) });
  return { publish: () => publish(OPEN), published, lines };
}

/** A request of an account, or of none. */
function aRequest(id: number, userUuid: string | undefined): WaitingResetRequest {
  const email = `pilot-${id}@example.com`;
  return {
    id: `${id}`,
    email,
    requestId: `r-${id}`,
    address: "192.0.2.1",
    userAgent: "curl/8.5.0",
    userUuid,
  };
}

Deno.test("requests of accounts are published as their clients made them; others are dropped without a trace", async () => {
  const userUuid = crypto.randomUUID();
  const waiting = [aRequest(1, undefined), aRequest(2, userUuid), aRequest(3, undefined)];
  const { publish, published, lines } = arrange(waiting);
  await publish();
  assert.deepEqual(waiting, []);
  const [{ event, requestId } = assert.fail()] = published;
  assert.equal(published.length, 1);
  assert.deepEqual({ ...event, eventUuid: "", at: undefined }, {
    eventUuid: "",
    userUuid,
    kind: AccountEventKind.ACCOUNT_EVENT_KIND_PASSWORD_RESET_REQUESTED,
    at: undefined,
    address: "192.0.2.1",
    userAgent: "curl/8.5.0",
    detail: "",
  });
  assert.equal(requestId, "r-2");
  assert.equal(lines.length, 1);
  assert.ok(!lines.join().includes("@example.com"));
});

Deno.test("thousands of requests are taken up in one run, each once", async () => {
  const waiting = Array.from(
    { length: 1_700 },
    (_, n) => aRequest(n, n % 2 ? crypto.randomUUID() : undefined),
  );
  const { publish, published } = arrange(waiting);
  await publish();
  assert.deepEqual(waiting, []);
  assert.equal(new Set(published.map(({ event }) => event.userUuid)).size, 850);
});

Deno.test("a request that another replica published is not logged again", async () => {
  const { publish, published, lines } = arrange([aRequest(1, crypto.randomUUID())], ["1"]);
  await publish();
  assert.deepEqual([published, lines], [[], []]);
});
