import assert from "node:assert/strict";
import { eventually } from "@rocket/platform/testing/eventually";
import { answerOf, statusOf } from "@rocket/platform/testing/raw-client";
import { placeOrder } from "../support/order_client.ts";
import { plentifulParts } from "../support/parts.ts";
import { logIn, registerAndLogIn } from "../support/person.ts";
import { assertRefused, checkSessionFlow } from "../support/session_flow.ts";
import { startSystem } from "../support/system.ts";

Deno.test("one session works at every service", async (t) => {
  await using system = await startSystem();
  await checkSessionFlow(t, system);
});

Deno.test("an expired session is refused by every service", async () => {
  await using system = await startSystem({ env: { SESSION_TTL: "2s" } });
  await system.seedParts();
  const { login, password } = await registerAndLogIn(system);
  // On a busy machine a session may expire before the order is placed; then a new one is opened.
  const { sessionUuid, order_uuid, part } = await eventually(async () => {
    const sessionUuid = await logIn(system, login, password);
    const [part] = await plentifulParts(system, sessionUuid);
    assert.ok(part);
    return { sessionUuid, part, ...await placeOrder(system, sessionUuid, [part.uuid]) };
  });
  const whoami = () => answerOf(system.auth.whoami({ sessionUuid }));
  await eventually(async () => assert.equal(await statusOf(whoami()), "UNAUTHENTICATED"));
  await assertRefused(system, sessionUuid, order_uuid, part.uuid);
});
