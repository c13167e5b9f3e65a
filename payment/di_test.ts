import { readConfig } from "@rocket/platform/config";
import { Unavailable } from "@rocket/platform/core";
import { freePort } from "@rocket/platform/free-port";
import { startService } from "@rocket/platform/service";
import { createRawClient, statusOf } from "@rocket/platform/testing/raw-client";
import { PaymentMethod, PaymentService } from "@rocket/proto/payment";
import assert from "node:assert/strict";
import type { Provider } from "./client/provider.ts";
import { PAYMENT_VARIABLES } from "./config.ts";
import { wirePayment } from "./di.ts";

const TOKEN = "t0ken-of-all-our-services-0123456789";
const request = {
  orderUuid: crypto.randomUUID(),
  userUuid: crypto.randomUUID(),
  paymentMethod: PaymentMethod.PAYMENT_METHOD_CARD,
};

Deno.test("a provider that can't be reached is UNAVAILABLE, and each call charges once", async () => {
  const charged: string[] = [];
  let isDown = true;
  const provider: Provider = {
    charge({ orderUuid }) {
      if (isDown) return Promise.reject(new Unavailable("provider"));
      charged.push(orderUuid);
      return Promise.resolve(crypto.randomUUID());
    },
  };
  const port = freePort();
  const environment: Readonly<Record<string, string>> = {
    PAYMENT_GRPC_PORT: String(port),
    SERVICE_TOKEN: TOKEN,
    LOG_LEVEL: "silent",
  };
  const config = readConfig(PAYMENT_VARIABLES, (name) => environment[name]);
  await using _service = await startService(wirePayment(config, { provider }));
  await using payment = createRawClient(PaymentService, `127.0.0.1:${port}`);
  const pay = () => statusOf(payment.payOrder(request, { "service-token": TOKEN }));

  assert.equal(await pay(), "UNAVAILABLE");
  isDown = false;
  assert.equal(await pay(), "OK");
  assert.deepEqual(charged, [request.orderUuid]);
});
