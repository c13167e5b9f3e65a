import { Hono, type TypedResponse } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { requireSession, type SessionVerifier } from "@rocket/platform/auth";
import {
  headerParams,
  jsonBody,
  pathParams,
  queryParams,
  rateLimitMiddleware,
  readBody,
  type Refusal,
} from "@rocket/platform/http";
import type { RateLimit } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import { orderApi } from "@rocket/proto/order";
import type { AnswerOnce } from "../service/answer_once.ts";
import type { CancelOrder } from "../service/cancel_order.ts";
import type { CreateOrder } from "../service/create_order.ts";
import type { FollowOrder } from "../service/follow_order.ts";
import type { GetOrder } from "../service/get_order.ts";
import type { ListOrders } from "../service/list_orders.ts";
import type { PayOrder } from "../service/pay_order.ts";
import { keptPlacedAnswer, toOrderAnswer, toPaidAnswer, toPlacedAnswer } from "./answers.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import { answerOnce, type ClaimVariables } from "./idempotency.ts";
import { streamStatuses } from "./status_stream.ts";

/** The use cases behind the operations. */
export interface OrderUseCases {
  readonly createOrder: CreateOrder;
  readonly listOrders: ListOrders;
  readonly getOrder: GetOrder;
  readonly followOrder: FollowOrder;
  readonly payOrder: PayOrder;
  readonly cancelOrder: CancelOrder;
  readonly once: AnswerOnce;
}

/** What the operations need besides. */
export interface OrdersApiOptions {
  readonly useCases: OrderUseCases;
  /** How many orders each user may place. */
  readonly ordersPerUser: RateLimit;
  /** Says whether the session of a request that lasts has ended meanwhile. */
  readonly verify: SessionVerifier;
  /** Ends requests that last. */
  readonly ending: AbortSignal;
  readonly log: Logger;
}

/**
 * Creates the operations of the order API, relative to the path of orders. The typed client is derived from the type
 * of the chain of routes.
 */
export function createOrdersApi(
  { useCases, ordersPerUser, verify, ending, log }: OrdersApiOptions,
) {
  const { createOrder, listOrders, getOrder, followOrder, payOrder, cancelOrder, once } = useCases;
  return new Hono<ClaimVariables>()
    .post(
      "/",
      rateLimitMiddleware(ordersPerUser, () => requireSession().userUuid),
      headerParams(orderApi.CreateOrderHeader),
      readBody(),
      jsonBody(orderApi.CreateOrderBody),
      answerOnce("createOrder", once),
      async (c): Promise<CreateOrderAnswer> => {
        const { part_uuids, user_uuid } = c.req.valid("json");
        const request = {
          userUuid: requireSession().userUuid,
          forUserUuid: user_uuid,
          partUuids: part_uuids,
        };
        const claim = c.get("claim");
        const order = await createOrder(
          request,
          (order) => claim && { claim, answer: keptPlacedAnswer(order) },
        );
        return c.json(toPlacedAnswer(order), 201);
      },
    )
    .get("/", queryParams(orderApi.ListOrdersQueryParams), async (c): Promise<ListOrdersAnswer> => {
      const { limit, cursor, status } = c.req.valid("query");
      const after = cursor === undefined ? undefined : readCursor(cursor);
      const { orders: listed, end } = await listOrders(requireSession().userUuid, { limit, status, after });
      const orders = listed.map(toOrderAnswer);
      if (end === undefined) return c.json({ orders }, 200);
      return c.json({ orders, next_cursor: writeCursor(end) }, 200);
    })
    .get("/:order_uuid", pathParams(orderApi.GetOrderParams), async (c): Promise<GetOrderAnswer> => {
      const { order_uuid } = c.req.valid("param");
      return c.json(toOrderAnswer(await getOrder(requireSession().userUuid, order_uuid)), 200);
    })
    .get(
      "/:order_uuid/events",
      pathParams(orderApi.FollowOrderParams),
      headerParams(orderApi.FollowOrderHeader),
      async (c) => {
        const { userUuid, sessionUuid } = requireSession();
        const { order_uuid: orderUuid } = c.req.valid("param");
        const statuses = followOrder({
          userUuid,
          orderUuid,
          after: c.req.valid("header")["Last-Event-ID"],
          mayGoOn: () => verify(sessionUuid),
          ending: AbortSignal.any([ending, c.req.raw.signal]),
        });
        return await streamStatuses(c, orderUuid, statuses, log);
      },
    )
    .post(
      "/:order_uuid/pay",
      pathParams(orderApi.PayOrderParams),
      headerParams(orderApi.PayOrderHeader),
      readBody(),
      jsonBody(orderApi.PayOrderBody),
      answerOnce("payOrder", once),
      async (c): Promise<PayOrderAnswer> => {
        const { order_uuid } = c.req.valid("param");
        const { payment_method: method } = c.req.valid("json");
        const isRepeat = c.get("claim")?.isRepeat ?? false;
        const request = { userUuid: requireSession().userUuid, orderUuid: order_uuid, method, isRepeat };
        return c.json(toPaidAnswer(await payOrder(request)), 200);
      },
    )
    .post(
      "/:order_uuid/cancel",
      pathParams(orderApi.CancelOrderParams),
      async (c): Promise<CancelOrderAnswer> => {
        await cancelOrder(requireSession().userUuid, c.req.valid("param").order_uuid);
        return c.body(null, 204);
      },
    );
}

// With the refusals of the use cases; those of the middlewares are in their own types.
type CreateOrderAnswer = Answer<orderApi.CreateOrderResponse, 201> | Refusal<403 | 404 | 409>;
type ListOrdersAnswer = Answer<orderApi.ListOrdersResponse, 200>;
type GetOrderAnswer = Answer<orderApi.GetOrderResponse, 200> | Refusal<404>;
type PayOrderAnswer = Answer<orderApi.PayOrderResponse, 200> | Refusal<404 | 409>;
type CancelOrderAnswer = TypedResponse<null, 204, "body"> | Refusal<404 | 409>;
type Answer<Body, Status extends ContentfulStatusCode> = TypedResponse<Body, Status, "json">;
