import { status } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { type OrderAlone, startOrderAlone } from "../support/order_alone.ts";
import { readOrderContract } from "../support/openapi.ts";
import { eventually } from "../support/eventually.ts";
import {
  askOrder,
  askToCancel,
  askToPay,
  askToPlaceOrder,
  httpStatus,
  type Identifier,
  placeOrder,
} from "../support/order_client.ts";

/** Drives the running service into one status of one operation. */
type Scenario = () => Promise<Response>;

Deno.test("the order API answers as its document says, and in no other way", async (t) => {
  const contract = await readOrderContract();
  await using order = await startOrderAlone();
  const scenarios = await describeScenarios(order);

  await t.step("every documented operation and status has its scenario, and nothing else has one", () => {
    const documented = contract.operations.flatMap(({ id, statuses }) => statuses.map((s) => `${id} ${s}`));
    assert.deepEqual(Object.keys(scenarios).toSorted(), documented.toSorted());
  });

  for (const [name, drive] of Object.entries(scenarios)) {
    await t.step(`${name} is reached and keeps the contract`, async () => {
      const [operationId = "", expected] = name.split(" ");
      const answer = await drive();
      assert.equal(answer.status, Number(expected), await answer.clone().text());
      assert.deepEqual(await contract.violations(operationId, answer), []);
    });
  }
});

async function describeScenarios(order: OrderAlone): Promise<Readonly<Record<string, Scenario>>> {
  const { system, iam, inventory, payment } = order;
  const { sessionUuid } = iam.openSession();
  const part = inventory.add({ price: 1499.95, stockQuantity: 30 });
  const body = { part_uuids: [part.uuid] };
  const newOrder = async () => (await placeOrder(system, sessionUuid, [part.uuid])).order_uuid;
  const order_uuid = await newOrder();

  const place = (changes: object = {}, key?: string) =>
    askToPlaceOrder(system, sessionUuid, { ...body, ...changes }, key);
  const list = (query = "", session: Identifier = sessionUuid) =>
    askOrder(system, `/api/v1/orders${query}`, session);
  const pay = (uuid: string, options: Parameters<typeof askToPay>[3] = {}) =>
    askToPay(system, sessionUuid, uuid, options);
  const cancel = (uuid: string, session: Identifier = sessionUuid) => askToCancel(system, session, uuid);
  const payWith = (uuid: string, text: string, mediaType = "application/json") =>
    askOrder(system, `/api/v1/orders/${uuid}/pay`, sessionUuid, {
      method: "POST",
      body: text,
      headers: { "Content-Type": mediaType },
    });
  const tooLarge = " ".repeat(64 * 1024 + 1);
  const send = (text: string, mediaType = "application/json") =>
    askOrder(system, "/api/v1/orders", sessionUuid, {
      method: "POST",
      body: text,
      headers: { "Content-Type": mediaType },
    });
  const read = (uuid = order_uuid, session: Identifier = sessionUuid) =>
    askOrder(system, `/api/v1/orders/${uuid}`, session);
  /** Asks while something is broken, and mends it whatever comes of it. */
  const whileBroken = async (brk: () => unknown, mend: () => Promise<unknown>, ask: Scenario) => {
    await brk();
    try {
      return await ask();
    } finally {
      await mend();
      await eventually(async () => assert.equal(await httpStatus(read()), 200));
    }
  };
  const { postgres } = system.backing;
  const whileIamIsDown = (ask: Scenario) => whileBroken(() => iam.stop(), () => iam.start(), ask);
  const whilePostgresIsSilent = (ask: Scenario) =>
    whileBroken(() => postgres.pause(), () => postgres.resume(), ask);
  /** A table that is not there is a fault of ours, whoever asks. */
  const withoutTable = (ask: Scenario) =>
    whileBroken(
      () => order.sql`alter table orders rename to hidden`,
      () => order.sql`alter table hidden rename to orders`.execute(),
      ask,
    );

  return {
    "createOrder 201": () => place(),
    "createOrder 400": () => place({ part_uuids: ["x"], coupon: 1 }),
    "createOrder 401": () => askToPlaceOrder(system, undefined, body),
    "createOrder 403": () => place({ user_uuid: crypto.randomUUID() }),
    "createOrder 404": () => place({ part_uuids: [crypto.randomUUID()] }),
    "createOrder 409": () => place({ part_uuids: Array(40).fill(part.uuid) }),
    "createOrder 413": () => send(tooLarge),
    "createOrder 415": () => send("{}", "text/plain"),
    "createOrder 422": async () => {
      await httpStatus(place({}, "one-key"));
      return await place({ part_uuids: [part.uuid, part.uuid] }, "one-key");
    },
    "createOrder 429": () =>
      inventory.answering(
        (answer) => answer({ code: status.RESOURCE_EXHAUSTED, details: "too many" }),
        () => place(),
      ),
    "createOrder 500": () => withoutTable(() => place()),
    "createOrder 503": () => whileIamIsDown(() => place()),
    "createOrder 504": () => inventory.answering(() => {}, () => place()),
    "listOrders 200": () => list("?limit=1"),
    "listOrders 400": () => list("?limit=many"),
    "listOrders 401": () => list("", "not-a-session"),
    "listOrders 429": () => iam.busyWhile(() => list()),
    "listOrders 500": () => withoutTable(() => list()),
    "listOrders 503": () => whileIamIsDown(() => list()),
    "listOrders 504": () => whilePostgresIsSilent(() => list()),
    "getOrder 200": () => read(),
    "getOrder 400": () => read("x"),
    "getOrder 401": () => read(order_uuid, "not-a-session"),
    "getOrder 404": () => read(crypto.randomUUID()),
    "getOrder 429": () => iam.busyWhile(() => read()),
    "getOrder 500": () => withoutTable(() => read()),
    "getOrder 503": () => whileIamIsDown(() => read()),
    "getOrder 504": () => whilePostgresIsSilent(() => read()),
    "payOrder 200": async () => pay(await newOrder()),
    "payOrder 400": () => payWith(order_uuid, '{"payment_method":"SHELLS"}'),
    "payOrder 401": () => askToPay(system, undefined, order_uuid),
    "payOrder 404": () => pay(crypto.randomUUID()),
    "payOrder 409": async () => {
      const paid = await newOrder();
      await httpStatus(pay(paid));
      return await pay(paid);
    },
    "payOrder 413": () => payWith(order_uuid, tooLarge),
    "payOrder 415": () => payWith(order_uuid, "CARD", "text/plain"),
    "payOrder 422": async () => {
      await httpStatus(pay(await newOrder(), { key: "another-key" }));
      return await pay(await newOrder(), { key: "another-key" });
    },
    "payOrder 429": () => iam.busyWhile(() => pay(order_uuid)),
    "payOrder 500": () => withoutTable(() => pay(order_uuid)),
    "payOrder 503": async () => {
      const waiting = await newOrder();
      return await payment.refusing(() => pay(waiting));
    },
    "payOrder 504": async () => {
      const waiting = await newOrder();
      return await payment.answering(() => {}, () => pay(waiting));
    },
    "cancelOrder 204": async () => cancel(await newOrder()),
    "cancelOrder 400": () => cancel("x"),
    "cancelOrder 401": () => cancel(order_uuid, "not-a-session"),
    "cancelOrder 404": () => cancel(crypto.randomUUID()),
    "cancelOrder 409": async () => {
      const paid = await newOrder();
      await httpStatus(pay(paid));
      return await cancel(paid);
    },
    "cancelOrder 429": () => iam.busyWhile(() => cancel(order_uuid)),
    "cancelOrder 500": () => withoutTable(() => cancel(order_uuid)),
    "cancelOrder 503": () => whileIamIsDown(() => cancel(order_uuid)),
    "cancelOrder 504": () => whilePostgresIsSilent(() => cancel(order_uuid)),
  };
}
