import { status } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import type { OrderAlone } from "../../support/order_alone.ts";
import {
  fetchOrderApi,
  httpStatus,
  placeOrder,
  postCancellation,
  postOrder,
  postPayment,
} from "../../support/order_client.ts";

/** Makes the running service answer an operation with a status. */
export type FaultScenario = () => Promise<Response>;

/** Breaks what order depends on, by the operation and the status that results. */
export async function describeFaultScenarios(
  { system, iam, inventory, payment, sql }: OrderAlone,
): Promise<Readonly<Record<string, FaultScenario>>> {
  const { sessionUuid } = iam.openSession();
  const part = inventory.add();
  const newOrder = async () => (await placeOrder(system, sessionUuid, [part.uuid])).order_uuid;
  const order_uuid = await newOrder();

  const place = () => postOrder(system, sessionUuid, { part_uuids: [part.uuid] });
  const list = () => fetchOrderApi(system, "/api/v1/orders", sessionUuid);
  const read = () => fetchOrderApi(system, `/api/v1/orders/${order_uuid}`, sessionUuid);
  const follow = () => fetchOrderApi(system, `/api/v1/orders/${order_uuid}/events`, sessionUuid);
  const pay = (uuid: string = order_uuid) => postPayment(system, sessionUuid, uuid);
  const cancel = () => postCancellation(system, sessionUuid, order_uuid);
  /** Sends a request while something is broken, and always repairs it. */
  const whileBroken = async (breakIt: () => unknown, repair: () => Promise<unknown>, ask: FaultScenario) => {
    await breakIt();
    try {
      return await ask();
    } finally {
      await repair();
      await eventually(async () => assert.equal(await httpStatus(read()), 200));
    }
  };
  const { postgres } = system.backing;
  const whileIamIsDown = (ask: FaultScenario) => whileBroken(() => iam.stop(), () => iam.start(), ask);
  const whilePostgresIsSilent = (ask: FaultScenario) =>
    whileBroken(() => postgres.pause(), () => postgres.resume(), ask);
  /** A missing table is an internal error for every caller. */
  const withoutTable = (ask: FaultScenario) =>
    whileBroken(
      () => sql`alter table orders rename to hidden`,
      () => sql`alter table hidden rename to orders`.execute(),
      ask,
    );

  return {
    "createOrder 429": () =>
      inventory.withAnswer(
        (answer) => answer({ code: status.RESOURCE_EXHAUSTED, details: "too many" }),
        place,
      ),
    "createOrder 500": () => withoutTable(place),
    "createOrder 503": () => whileIamIsDown(place),
    "createOrder 504": () => inventory.withAnswer(() => {}, place),
    "listOrders 429": () => iam.busyWhile(list),
    "listOrders 500": () => withoutTable(list),
    "listOrders 503": () => whileIamIsDown(list),
    "listOrders 504": () => whilePostgresIsSilent(list),
    "getOrder 429": () => iam.busyWhile(read),
    "getOrder 500": () => withoutTable(read),
    "getOrder 503": () => whileIamIsDown(read),
    "getOrder 504": () => whilePostgresIsSilent(read),
    "followOrder 429": () => iam.busyWhile(follow),
    "followOrder 500": () => withoutTable(follow),
    "followOrder 503": () => whileIamIsDown(follow),
    "followOrder 504": () => whilePostgresIsSilent(follow),
    "payOrder 429": () => iam.busyWhile(() => pay()),
    "payOrder 500": () => withoutTable(() => pay()),
    "payOrder 503": async () => {
      const waiting = await newOrder();
      return await payment.withPaymentRefused(() => pay(waiting));
    },
    "payOrder 504": async () => {
      const waiting = await newOrder();
      return await payment.withAnswer(() => {}, () => pay(waiting));
    },
    "cancelOrder 429": () => iam.busyWhile(cancel),
    "cancelOrder 500": () => withoutTable(cancel),
    "cancelOrder 503": () => whileIamIsDown(cancel),
    "cancelOrder 504": () => whilePostgresIsSilent(cancel),
  };
}
