import { SERVICE_NAMES } from "@rocket/dev";
import { statusOf } from "@rocket/platform/testing/raw-client";
import { eventually } from "@rocket/platform/testing/eventually";
import assert from "node:assert/strict";
import { httpStatus, placeOrder, postPayment } from "../support/order_client.ts";
import { plentifulParts } from "../support/parts.ts";
import { registerAndLogIn } from "../support/person.ts";
import { createSecretFile } from "../support/secret_file.ts";
import { startSystem, type System } from "../support/system.ts";

const OLD = "old-token-of-all-our-services-0123456789";
const NEW = "new-token-of-all-our-services-0123456789";

Deno.test("the services' token is replaced in its file, and no order or payment is refused meanwhile", async () => {
  await using token = await createSecretFile(`${OLD}\n`);
  await using system = await startSystem({ env: { SERVICE_TOKEN: "", SERVICE_TOKEN_FILE: token.path } });
  await system.seedParts();
  assert.deepEqual(await statusesOf(system, OLD, NEW), ["NOT_FOUND", "UNAUTHENTICATED"]);

  await using orders = await keepOrdering(system);
  for (const step of [`${OLD},${NEW}`, `${NEW},${OLD}`, NEW]) {
    await token.replace(step);
    await Promise.all(SERVICE_NAMES.map((name) => system.process(name).waitForLine(REPLACED)));
    await orders.goOn();
  }
  assert.deepEqual(await statusesOf(system, OLD, NEW), ["UNAUTHENTICATED", "NOT_FOUND"]);
});

const REPLACED = /"variable":"SERVICE_TOKEN".*"msg":"secret replaced"/;

/** How inventory answers to each token, asked to commit an order that it does not know. */
async function statusesOf({ inventory }: System, ...tokens: readonly string[]): Promise<readonly string[]> {
  const request = { orderUuid: crypto.randomUUID() };
  return await Promise.all(
    tokens.map((token) => statusOf(inventory.commitParts(request, { "service-token": token }))),
  );
}

/** Places and pays orders until it is disposed, several at a time; each takes four calls with the services' token. */
async function keepOrdering(system: System) {
  const { sessionUuid } = await registerAndLogIn(system);
  const [part] = await plentifulParts(system, sessionUuid);
  assert.ok(part);
  let isOver = false;
  let paid = 0;
  const order = async () => {
    while (!isOver) {
      const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);
      assert.equal(await httpStatus(postPayment(system, sessionUuid, order_uuid)), 200);
      paid++;
    }
  };
  const orders = Promise.all(Array.from({ length: 3 }, order));
  return {
    /** Waits until more orders have been paid. @throws {Error} if one was refused. */
    async goOn() {
      const before = paid;
      await Promise.race([orders, eventually(() => assert.ok(paid > before + 3))]);
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      await orders;
    },
  };
}
