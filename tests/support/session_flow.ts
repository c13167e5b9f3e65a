import assert from "node:assert/strict";
import { answerOf, errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import {
  fetchOrderApi,
  httpStatus,
  type Identifier,
  placeOrder,
  postOrder,
  readOrder,
} from "./order_client.ts";
import { plentifulParts } from "./parts.ts";
import { registerAndLogIn } from "./person.ts";
import type { System } from "./system.ts";

/** Identifiers that do not belong to a live session, as a client might send them. */
const INVALID_SESSIONS: Readonly<Record<string, Identifier>> = {
  "no identifier": undefined,
  "an empty identifier": "",
  "a malformed identifier": "not-a-uuid",
  "an unknown identifier": crypto.randomUUID(),
};

/** Checks what one session does at every service, as steps of a test. Stops the services at its end. */
export async function checkSessionFlow(t: Deno.TestContext, system: System): Promise<void> {
  await system.seedParts();
  const person = await registerAndLogIn(system);
  const [cheap, expensive] = await plentifulParts(system, person.sessionUuid);
  assert.ok(cheap && expensive);
  const partUuids = [cheap.uuid, expensive.uuid, expensive.uuid];
  const placed = await placeOrder(system, person.sessionUuid, partUuids);

  await t.step("a user registers, logs in, places an order, and reads it back", async () => {
    const { user } = await answerOf(system.auth.whoami({ sessionUuid: person.sessionUuid }));
    assert.equal(user?.uuid, person.userUuid);
    const cents = Math.round(cheap.price * 100) + 2 * Math.round(expensive.price * 100);
    assert.equal(placed.total_price, cents / 100);
    assert.deepEqual(await readOrder(system, person.sessionUuid, placed.order_uuid), {
      order_uuid: placed.order_uuid,
      user_uuid: person.userUuid,
      part_uuids: partUuids,
      total_price: placed.total_price,
      transaction_uuid: null,
      payment_method: null,
      status: "PENDING_PAYMENT",
    });
  });

  await t.step("the identifier may be in upper case", async () => {
    await readOrder(system, person.sessionUuid.toUpperCase(), placed.order_uuid);
  });

  for (const [title, identifier] of Object.entries(INVALID_SESSIONS)) {
    await t.step(`${title} is refused by every service`, async () => {
      await assertRefused(system, identifier, placed.order_uuid, cheap.uuid);
    });
  }

  await t.step(
    "another user's order is answered like one that does not exist",
    async () => {
      const stranger = await registerAndLogIn(system);
      const answerAbout = async (orderUuid: string) => {
        const answer = await fetchOrderApi(system, `/api/v1/orders/${orderUuid}`, stranger.sessionUuid);
        return [answer.status, (await answer.text()).replace(orderUuid, "…")];
      };
      const unknown = await answerAbout(crypto.randomUUID());
      assert.equal(unknown[0], 404);
      assert.deepEqual(await answerAbout(placed.order_uuid), unknown);
    },
  );

  await t.step("an order can't be placed for another user", async () => {
    const stranger = await registerAndLogIn(system);
    const body = { part_uuids: [cheap.uuid], user_uuid: person.userUuid };
    assert.equal(await httpStatus(postOrder(system, stranger.sessionUuid, body)), 403);
  });

  await t.step(
    "inventory refuses a call without session-uuid, and accepts the one that order makes for the session",
    async () => {
      const request = {
        filter: { uuids: [cheap.uuid], names: [], categories: [], manufacturerCountries: [], tags: [] },
      };
      assert.equal(await statusOf(system.inventory.listParts(request)), "UNAUTHENTICATED");
      await placeOrder(system, person.sessionUuid, [cheap.uuid]);
    },
  );

  await t.step("a request's id is passed on through order and inventory to IAM", async () => {
    const id = `trace-${crypto.randomUUID()}`;
    const answer = await fetchOrderApi(system, "/api/v1/orders", person.sessionUuid, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Request-Id": id },
      body: JSON.stringify({ part_uuids: [cheap.uuid] }),
    });
    await answer.body?.cancel();
    assert.equal(answer.headers.get("X-Request-Id"), id);
    for (const service of ["order", "inventory", "iam"] as const) {
      await system.process(service).linesUntil(new RegExp(id));
    }
  });

  await t.step("no log of any service contains a session identifier or a password", async () => {
    const services = ["order", "inventory", "iam"] as const;
    for (const name of services) await system.stop(name);
    const logs = services.flatMap((name) => system.process(name).output).join("\n");
    assert.ok(logs.includes("session opened"));
    assert.ok(!logs.toLowerCase().includes(person.sessionUuid));
    assert.ok(!logs.includes(person.password));
    assert.doesNotMatch(logs, /argon2id/);
  });
}

/** Checks that every service refuses a session identifier. */
export async function assertRefused(
  system: System,
  identifier: Identifier,
  orderUuid: string,
  partUuid: string,
): Promise<void> {
  const metadata = identifier === undefined ? {} : { "session-uuid": identifier };
  const { auth, inventory } = system;
  const calls = {
    whoami: errorOf(auth.whoami({ sessionUuid: identifier ?? "" })),
    getPart: errorOf(inventory.getPart({ uuid: partUuid }, metadata)),
    listParts: errorOf(inventory.listParts({ filter: undefined }, metadata)),
  };
  for (const [call, error] of Object.entries(calls)) assert.equal((await error).code, 16, call);
  const placing = await postOrder(system, identifier, { part_uuids: [partUuid] });
  const reading = await fetchOrderApi(system, `/api/v1/orders/${orderUuid}`, identifier);
  for (const answer of [placing, reading]) {
    assert.equal(answer.status, 401);
    assert.deepEqual(await answer.json(), {
      code: 401,
      message: "a valid session is required",
      reason: "SESSION_INVALID",
    });
  }
}
