import postgres from "postgres";
import { setStock } from "../../support/consistency.ts";
import { type Contract, readHttpContract } from "../../support/openapi.ts";
import { httpStatus, placeOrder, postCancellation, postPayment } from "../../support/order_client.ts";
import { registerAndLogIn } from "../../support/person.ts";
import { startSystem, type System } from "../../support/system.ts";
import { createHttpAsker, type GoodRequest, type HttpAsker } from "./ask.ts";

/** The running system, with a person who orders. */
export interface HttpStage extends HttpAsker, AsyncDisposable {
  readonly system: System;
  readonly contract: Contract;
  /** Orders that can't be changed: an assembled one, a cancelled one, and another user's. */
  readonly spentOrders: readonly string[];
}

/**
 * Starts everything.
 *
 * @throws {TypeError} if an operation of the document has no valid request; the message says where to add one.
 */
export async function startHttpStage(): Promise<HttpStage> {
  await using starting = new AsyncDisposableStack();
  const contract = await readHttpContract("order");
  const system = starting.use(
    // More than all requests can place together.
    await startSystem({ env: { ORDER_MAX_UNPAID: "1000000", ORDER_MAX_UNPAID_PIECES: "100000000" } }),
  );
  await system.seedParts();
  const { sessionUuid } = await registerAndLogIn(system);
  // The same for pieces.
  const partUuid = await setStock(system, 1_000_000_000);
  const place = async (session = sessionUuid) => (await placeOrder(system, session, [partUuid])).order_uuid;
  const [assembled, cancelled, others] = [
    await place(),
    await place(),
    await place((await registerAndLogIn(system)).sessionUuid),
  ];
  await httpStatus(postPayment(system, sessionUuid, assembled));
  await httpStatus(postCancellation(system, sessionUuid, cancelled));
  // One that is only paid would be followed for ever.
  const sql = postgres(system.variable("ORDER_POSTGRES_URL"), { max: 1 });
  await sql`update orders set status = 'ASSEMBLED' where order_uuid = ${assembled}`;
  await sql.end();

  /** An unpaid order. */
  let order_uuid = await place();
  const goodRequests: Readonly<Record<string, () => GoodRequest>> = {
    createOrder: () => ({ body: { part_uuids: [partUuid] } }),
    listOrders: () => ({}),
    getOrder: () => ({ path: { order_uuid } }),
    followOrder: () => ({ path: { order_uuid: cancelled } }),
    payOrder: () => ({ path: { order_uuid }, body: { payment_method: "CARD" } }),
    cancelOrder: () => ({ path: { order_uuid } }),
  };
  const asker = createHttpAsker({
    origin: system.orderUrl,
    contract,
    sessionUuid: () => sessionUuid,
    goodRequests,
  });

  const owned = starting.move();
  return {
    system,
    contract,
    goodBody: asker.goodBody,
    spentOrders: [assembled, cancelled, others],
    async ask(id, changes) {
      const answer = await asker.ask(id, changes);
      // A paid or cancelled order can't be changed again.
      if (answer.ok && ["payOrder", "cancelOrder"].includes(id)) order_uuid = await place();
      return answer;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
