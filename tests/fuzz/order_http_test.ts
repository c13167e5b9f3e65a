import assert from "node:assert/strict";
import fc from "fast-check";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { type Contract, readOrderContract } from "../support/openapi.ts";
import { startOrderAlone } from "../support/order_alone.ts";
import { askOrder, placeOrder } from "../support/order_client.ts";
import { fuzzedRequest } from "../support/order_request_arbitrary.ts";

/** Longer than a request may take, in milliseconds. */
const HANG_MS = 8_000;

Deno.test("no request over HTTP, however hostile, makes order fail, hang or break its contract", async () => {
  const contract = await readOrderContract();
  await using order = await startOrderAlone();
  const { system, iam, inventory } = order;
  const { sessionUuid } = iam.openSession();
  const part = inventory.add({ stockQuantity: 1_000_000 });
  const waiting = await Promise.all(
    Array.from({ length: 20 }, () => placeOrder(system, sessionUuid, [part.uuid])),
  );
  const orderUuids = waiting.map(({ order_uuid }) => order_uuid);
  const sessions = { own: sessionUuid, wrong: "0-0", none: undefined };

  await fc.assert(
    fc.asyncProperty(
      fuzzedRequest(contract, part.uuid, orderUuids),
      async ({ session, path, ...request }) => {
        const answer = await askOrder(system, path, sessions[session], {
          method: request.method,
          headers: request.headers,
          ...(request.body && { body: request.body }),
          signal: AbortSignal.timeout(HANG_MS),
        });
        assert.ok(answer.status < 500, `${answer.status}: ${await answer.clone().text()}`);
        assert.match(answer.headers.get("X-Request-Id") ?? "", /^[A-Za-z0-9_-]{1,64}$/);
        await assertContractKept(contract, request.method, path, answer);
      },
    ),
    fuzzRuns(5_000),
  );

  assert.ok(system.process("order").isRunning);
  await placeOrder(system, sessionUuid, [part.uuid]);
});

const BROKEN_HTTP: Readonly<Record<string, string>> = {
  "no HTTP at all": "\u0000\u0001\u0002\r\n\r\n",
  "another protocol's greeting": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "a body shorter than it says": "POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{",
  "two lengths":
    "POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
  "a negative length": "POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n{}",
  "a broken chunk": "POST /api/v1/orders HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
  "a header without an end": `GET /api/v1/orders HTTP/1.1\r\nX-Session-Uuid: ${"a".repeat(100_000)}`,
};

Deno.test("broken HTTP leaves the next request well", async (t) => {
  await using order = await startOrderAlone();
  const { system, iam, inventory } = order;
  const { sessionUuid } = iam.openSession();
  const part = inventory.add();
  for (const [what, bytes] of Object.entries(BROKEN_HTTP)) {
    await t.step(what, async () => {
      const connection = await Deno.connect({
        hostname: "127.0.0.1",
        port: Number(system.variable("ORDER_HTTP_PORT")),
      });
      await connection.write(new TextEncoder().encode(bytes));
      connection.close();
      await placeOrder(system, sessionUuid, [part.uuid]);
      assert.ok(system.process("order").isRunning);
    });
  }
});

/** The operations of the document, as a request reaches them. */
async function assertContractKept(
  contract: Contract,
  method: string,
  path: string,
  answer: Response,
): Promise<void> {
  const operationId = operationAt(method, path);
  if (operationId !== undefined) {
    assert.deepEqual(await contract.violations(operationId, answer), []);
    return;
  }
  assert.ok([401, 404, 405].includes(answer.status), `${method} ${path}: ${answer.status}`);
  await answer.body?.cancel();
}

function operationAt(method: string, path: string): string | undefined {
  const [, below = "", operation = ""] =
    /^\/api\/v1\/orders(?:\/([^/?#]+)(?:\/(pay|cancel))?)?(?:\?.*)?$/.exec(path) ??
      [undefined, "/"];
  if (below === "/") return undefined;
  if (below === "") return { POST: "createOrder", GET: "listOrders" }[method];
  if (operation === "") return { GET: "getOrder" }[method];
  return method === "POST" ? `${operation}Order` : undefined;
}
