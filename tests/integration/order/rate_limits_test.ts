import assert from "node:assert/strict";
import { placeOrder, postOrder } from "../../support/order_client.ts";
import { startOrderAlone } from "../../support/order_alone.ts";
import { startSystem } from "../../support/system.ts";
import { registerAndLogIn } from "../../support/person.ts";

Deno.test("a user who places orders too fast is refused with Retry-After, and other users are not", async () => {
  await using order = await startOrderAlone({ ORDER_LIMIT_ORDERS_PER_USER: "2/1h" });
  const { system, iam, inventory } = order;
  const { sessionUuid, userUuid } = iam.openSession();
  const body = { part_uuids: [inventory.add().uuid] };
  for (let count = 0; count < 2; count++) await placeOrder(system, sessionUuid, body.part_uuids);

  const refused = await postOrder(system, iam.openSession({ userUuid }).sessionUuid, body);
  assert.equal(refused.status, 429);
  assert.match(
    refused.headers.get("RateLimit") ?? "",
    /^"requests-per-session";r=.*, "orders-per-user";r=0;t=/,
  );
  const retryAfter = Number(refused.headers.get("Retry-After"));
  assert.ok(retryAfter > 0 && retryAfter <= 1_800, `${retryAfter} s`);
  assert.equal((await refused.json()).reason, "RATE_LIMITED");

  const another = iam.openSession();
  await placeOrder(system, another.sessionUuid, body.part_uuids);
});

Deno.test("replicas count a session's requests together", async () => {
  await using system = await startSystem({ services: ["iam", "inventory", "order"] });
  const { sessionUuid } = await registerAndLogIn(system);
  const limits = { ORDER_LIMIT_REQUESTS_PER_SESSION: "10/1h" };
  await system.stop("order");
  await system.start("order", limits);
  await using replica = system.launchReplica("order", limits);
  const [, port] = await replica.waitForLine(/"address":"127\.0\.0\.1:(\d+)","msg":"ready"/);
  const urls = [system.orderUrl, `http://127.0.0.1:${port}`];
  const statuses = [];
  for (let count = 0; count < 12; count++) {
    const answer = await fetch(`${urls[count % 2]}/api/v1/orders`, {
      headers: { "X-Session-Uuid": sessionUuid },
    });
    await answer.body?.cancel();
    statuses.push(answer.status);
  }
  assert.deepEqual(statuses, [...Array(10).fill(200), 429, 429]);
});
