import { AccountEvent, AccountEventKind } from "@rocket/proto/events";
import assert from "node:assert/strict";
import postgres, { type Sql } from "postgres";
import type { System } from "./system.ts";

/** Connects to IAM's database. */
export function connectToIam(system: System): AsyncDisposable & { readonly sql: Sql } {
  const sql = postgres(system.variable("IAM_POSTGRES_URL"), { max: 1 });
  return { sql, [Symbol.asyncDispose]: () => sql.end() };
}

/** A user's events in IAM's outbox, in their order. */
export async function publishedEvents(sql: Sql, userUuid: string): Promise<readonly AccountEvent[]> {
  const rows = await sql<{ event_uuid: string; topic: string; event_type: string; payload: Uint8Array }[]>`
    select event_uuid, topic, event_type, payload from outbox where key = ${userUuid} order by id`;
  return rows.map(({ event_uuid, topic, event_type, payload }) => {
    assert.equal(topic, "iam.account");
    assert.equal(event_type, "events.v1.AccountEvent");
    const event = AccountEvent.decode(payload);
    assert.deepEqual([event.eventUuid, event.userUuid], [event_uuid, userUuid]);
    return event;
  });
}

/** The kind of an event, without the words that all kinds share. */
export function kindOf({ kind }: Pick<AccountEvent, "kind">): string {
  return (AccountEventKind[kind] ?? "").replace("ACCOUNT_EVENT_KIND_", "");
}
