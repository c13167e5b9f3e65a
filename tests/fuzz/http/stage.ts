import { setStock } from "../../support/consistency.ts";
import { type Contract, readHttpContract } from "../../support/openapi.ts";
import { httpStatus, placeOrder, postCancellation, postPayment } from "../../support/order_client.ts";
import { registerAndLogIn } from "../../support/person.ts";
import { startSystem, type System } from "../../support/system.ts";
import type { FuzzedRequest } from "./request.ts";

/** Longer than a request may take, in milliseconds. */
const HANG_MS = 8_000;

/** How a request differs from a valid one. */
export interface Changes extends Partial<Omit<FuzzedRequest, "id">> {
  /** Replaces the operation's. */
  readonly method?: string;
  /** Changes the path of the request. */
  readonly at?: (path: string) => string;
}

/** A valid request. */
interface GoodRequest {
  /** Values for the path's parameters, by name. */
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** The running system, with a person who orders. */
export interface HttpStage extends AsyncDisposable {
  readonly system: System;
  readonly contract: Contract;
  /** A valid body for the operation, if it takes one. */
  goodBody(id: string): object | undefined;
  /** Orders that can't be changed: a paid one, a cancelled one, and another user's. */
  readonly spentOrders: readonly string[];
  /** Sends a valid request for the operation, with the changes. */
  ask(id: string, changes?: Changes): Promise<Response>;
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
  const [paid, cancelled, others] = [
    await place(),
    await place(),
    await place((await registerAndLogIn(system)).sessionUuid),
  ];
  await httpStatus(postPayment(system, sessionUuid, paid));
  await httpStatus(postCancellation(system, sessionUuid, cancelled));

  /** An unpaid order. */
  let order_uuid = await place();
  const goodRequests: Readonly<Record<string, () => GoodRequest>> = {
    createOrder: () => ({ body: { part_uuids: [partUuid] } }),
    listOrders: () => ({}),
    getOrder: () => ({ path: { order_uuid } }),
    payOrder: () => ({ path: { order_uuid }, body: { payment_method: "CARD" } }),
    cancelOrder: () => ({ path: { order_uuid } }),
  };
  const known = new Map(contract.operations.map((operation) => {
    const request = goodRequests[operation.id];
    if (request === undefined) {
      throw new TypeError(`${operation.id} has no valid request: add one to tests/fuzz/http/stage.ts`);
    }
    return [operation.id, { operation, request }];
  }));
  const lookUp = (id: string) => {
    const found = known.get(id);
    if (found === undefined) throw new TypeError(`the document has no operation ${id}`);
    return found;
  };

  const ask: HttpStage["ask"] = async (id, changes = {}) => {
    const { operation, request } = lookUp(id);
    const { method = operation.method, at = (path) => path, query = [], headers = {} } = changes;
    const good = request();
    const path = operation.path.replaceAll(/{(.+?)}/g, (_, name) => {
      const segment = changes.path?.[name] ?? good.path?.[name];
      if (segment === undefined) throw new TypeError(`the valid request of ${id} has no ${name}`);
      return segment;
    });
    const search = query.length === 0 ? "" : `?${new URLSearchParams(query.map((one) => [...one]))}`;
    const goodBody = method === "GET" ? undefined : good.body && JSON.stringify(good.body);
    const body = changes.body ?? goodBody;
    const answer = await fetch(`${system.orderUrl}${at(path)}${search}`, {
      method,
      headers: {
        ...(changes.isInSession !== false && { "X-Session-Uuid": sessionUuid }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(HANG_MS),
    });
    // A paid or cancelled order can't be changed again.
    if (answer.ok && method !== "GET" && good.path !== undefined) order_uuid = await place();
    return answer;
  };

  const owned = starting.move();
  return {
    system,
    contract,
    goodBody: (id) => lookUp(id).request().body,
    spentOrders: [paid, cancelled, others],
    ask,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
