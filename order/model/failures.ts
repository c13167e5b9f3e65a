import {
  Aborted,
  FailedPrecondition,
  NotFound,
  PermissionDenied,
  ResourceExhausted,
  Unprocessable,
} from "@rocket/platform/core";
import type { Order, PaymentMethod } from "./order.ts";
import type { UnpaidOrders } from "./unpaid_orders.ts";

/** The order is for another user than the session's. */
export class NotTheOwnUser extends PermissionDenied {
  constructor() {
    super("USER_NOT_OWN", "an order can be placed for the session's own user only");
  }
}

/** Some of the ordered parts do not exist; the message names all of them. */
export class PartsNotFound extends NotFound {
  constructor(readonly partUuids: readonly string[]) {
    super("PART_NOT_FOUND", partUuids.map((uuid) => `part ${uuid} does not exist`).join("; "));
  }
}

/** Some of the ordered parts have too few pieces; inventory's message names them. */
export class InsufficientStock extends FailedPrecondition {
  constructor(message: string) {
    super("STOCK_TOO_LITTLE", message);
  }
}

/** The user would have more unpaid orders, or more pieces in them, than a user may have. */
export class TooManyUnpaidOrders extends FailedPrecondition {
  constructor({ orders, pieces }: UnpaidOrders) {
    super(
      "TOO_MANY_UNPAID_ORDERS",
      `at most ${orders} orders and ${pieces} pieces may be unpaid at once; pay for some or cancel them`,
    );
  }
}

/** The user has no such order. Another user's order looks the same as one that does not exist. ASVS 8.2.2. */
export class OrderNotFound extends NotFound {
  constructor(orderUuid: string) {
    super("ORDER_NOT_FOUND", `order ${orderUuid} does not exist`);
  }
}

/** The user follows as many orders as a user may at once. */
export class TooManyFollowed extends ResourceExhausted {
  constructor(limit: number) {
    super("TOO_MANY_FOLLOWED", `at most ${limit} orders may be followed at once`, 1);
  }
}

/** The order's status does not allow what was asked. */
export class OrderNotPending extends FailedPrecondition {
  constructor({ orderUuid, status }: Pick<Order, "orderUuid" | "status">) {
    super(`ORDER_${status}`, `order ${orderUuid} is ${status}`);
  }
}

/** The order was not paid, so it can't have been assembled. */
export class OrderNotPaid extends FailedPrecondition {
  constructor({ orderUuid, status }: Pick<Order, "orderUuid" | "status">) {
    super("ORDER_NOT_PAID", `order ${orderUuid} is ${status}`);
  }
}

/** A payment has begun; until it is finished, nothing else may happen to the order. */
export class PaymentUnderWay extends FailedPrecondition {
  constructor(orderUuid: string, method: PaymentMethod) {
    super("PAYMENT_UNDER_WAY", `a payment of order ${orderUuid} by ${method} is under way`);
  }
}

/** The first request with this idempotency key has no answer yet. */
export class RequestUnderWay extends Aborted {
  constructor() {
    super("REQUEST_UNDER_WAY", "the request with this Idempotency-Key is still under way");
  }
}

/** An idempotency key was used before, with another request. */
export class KeyReused extends Unprocessable {
  constructor() {
    super("IDEMPOTENCY_KEY_REUSED", "this Idempotency-Key was used before, with another request");
  }
}
