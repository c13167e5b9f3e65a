import { Hono, type TypedResponse } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { jsonBody, limitBody, pathParams, type Refusal, requireSession } from "@rocket/platform";
import { orderApi } from "@rocket/proto";
import { centsToNumber } from "../model/cents.ts";
import type { Order } from "../model/order.ts";
import type { CreateOrder } from "../service/create_order.ts";
import type { GetOrder } from "../service/get_order.ts";

/**
 * The operations of the order API over their rules, relative to where orders are. UUIDs are read in any letter
 * case and go on in lower case. The type that the chain of routes has is what a typed client is made of.
 */
export function createOrdersApi(createOrder: CreateOrder, getOrder: GetOrder) {
  return new Hono()
    .post("/", limitBody(), jsonBody(orderApi.CreateOrderBody), async (c): Promise<CreateOrderAnswer> => {
      const { part_uuids, user_uuid } = c.req.valid("json");
      const { orderUuid, totalPrice } = await createOrder({
        userUuid: sessionUser(),
        forUserUuid: user_uuid?.toLowerCase(),
        partUuids: part_uuids.map((uuid) => uuid.toLowerCase()),
      });
      const placed: orderApi.CreateOrderResponse = {
        order_uuid: orderUuid,
        total_price: centsToNumber(totalPrice),
      };
      return c.json(placed, 201);
    })
    .get("/:order_uuid", pathParams(orderApi.GetOrderParams), async (c): Promise<GetOrderAnswer> => {
      const { order_uuid } = c.req.valid("param");
      return c.json(toAnswer(await getOrder(sessionUser(), order_uuid.toLowerCase())), 200);
    });
}

// With the refusals of the rules; those of the middlewares are in their own types.
type CreateOrderAnswer = Answer<orderApi.CreateOrderResponse, 201> | Refusal<403 | 404 | 409>;
type GetOrderAnswer = Answer<orderApi.GetOrderResponse, 200> | Refusal<404>;
type Answer<Body, Status extends ContentfulStatusCode> = TypedResponse<Body, Status, "json">;

function sessionUser(): string {
  return requireSession().user.uuid.toLowerCase();
}

function toAnswer(order: Order): orderApi.GetOrderResponse {
  return {
    order_uuid: order.orderUuid,
    user_uuid: order.userUuid,
    part_uuids: [...order.partUuids],
    total_price: centsToNumber(order.totalPrice),
    transaction_uuid: order.payment?.transactionUuid ?? null,
    payment_method: order.payment?.method ?? null,
    status: order.status,
  };
}
