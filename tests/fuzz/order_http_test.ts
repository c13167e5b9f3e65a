import assert from "node:assert/strict";
import fc, { type Arbitrary } from "fast-check";
import { fuzzRuns } from "../support/fuzz_runs.ts";
import { type Contract, readOrderContract } from "../support/openapi.ts";
import { startOrderAlone } from "../support/order_alone.ts";
import { askOrder, placeOrder } from "../support/order_client.ts";
import { arbitraryOf, hostileValue } from "../support/schema_arbitrary.ts";

/** A request, as bytes where it has a body. */
interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly session: "own" | "none" | "wrong";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

/** Longer than a request may take, in milliseconds. */
const HANG_MS = 8_000;

Deno.test("no request over HTTP, however hostile, makes order fail, hang or break its contract", async () => {
  const contract = await readOrderContract();
  await using order = await startOrderAlone();
  const { system, iam, inventory } = order;
  const { sessionUuid } = iam.openSession();
  const part = inventory.add();
  const sessions = { own: sessionUuid, wrong: "0-0", none: undefined };

  await fc.assert(
    fc.asyncProperty(fuzzedRequest(contract, part.uuid), async ({ session, path, ...request }) => {
      const answer = await askOrder(system, path, sessions[session], {
        method: request.method,
        headers: request.headers,
        ...(request.body && { body: request.body }),
        signal: AbortSignal.timeout(HANG_MS),
      });
      assert.ok(answer.status < 500, `${answer.status}: ${await answer.clone().text()}`);
      assert.match(answer.headers.get("X-Request-Id") ?? "", /^[A-Za-z0-9_-]{1,64}$/);
      await assertContractKept(contract, request.method, path, answer);
    }),
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
  if (method === "POST" && path === "/api/v1/orders") return "createOrder";
  if (method === "GET" && /^\/api\/v1\/orders\/[^/?#]+$/.test(path)) return "getOrder";
  return undefined;
}

function fuzzedRequest(contract: Contract, partUuid: string): Arbitrary<FuzzedRequest> {
  const session = fc.constantFrom("own", "own", "own", "none", "wrong") satisfies Arbitrary<
    FuzzedRequest["session"]
  >;
  const headers = fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    fc.record({ "X-Request-Id": fc.stringMatching(/^[ -~]{0,80}$/) }),
    fc.record({
      "Content-Type": fc.constantFrom("text/plain", "application/xml", "application/json; charset=x"),
    }),
    fc.record({ "Accept": fc.constantFrom("text/html", "*/*", "application/json;q=0") }),
  );
  const placing = fc.record({ session, headers, body: fuzzedBody(contract, partUuid) }).map((request) => ({
    method: "POST",
    path: "/api/v1/orders",
    ...request,
    headers: { "Content-Type": "application/json", ...request.headers },
  }));
  const reading = fc.record({ session, headers, segment: pathSegment }).map(({ segment, ...request }) => ({
    method: "GET",
    path: `/api/v1/orders/${segment}`,
    ...request,
  }));
  const astray = fc.record({
    method: fc.constantFrom("PUT", "DELETE", "PATCH", "OPTIONS", "GET"),
    path: fc.constantFrom(
      "/api/v1/orders",
      "/api/v1/orders/",
      "/api/v2/orders",
      "/api//v1",
      "/nowhere",
      "/API/v1/orders",
    ),
    session,
    headers,
  });
  return fc.oneof({ weight: 6, arbitrary: placing }, { weight: 3, arbitrary: reading }, astray);
}

const pathSegment: Arbitrary<string> = fc.oneof(
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  // What a browser would send for it; a dot segment would name another path.
  fc.string({ unit: "binary", minLength: 1 }).map((text) => encodeURIComponent(text.toWellFormed()))
    .filter((text) => !/^(\.|%2e){1,2}$/i.test(text)),
  fc.constantFrom("%00", "%ff%fe", "%zz", "x".repeat(7_000), "1%27%20or%201=1"),
);

/** Bodies from the document's own schema: as it says, nearly so, hostile, and no JSON at all. */
function fuzzedBody(contract: Contract, partUuid: string): Arbitrary<Uint8Array<ArrayBuffer>> {
  const valid = arbitraryOf(contract.requestSchema("createOrder"), (ref) => contract.schemaAt(ref));
  const orderable = fc.array(fc.constant(partUuid), { minLength: 1, maxLength: 100 })
    .map((part_uuids) => ({ part_uuids }));
  const nearlyValid = fc.tuple(
    valid,
    fc.constantFrom("part_uuids", "user_uuid", "coupon", "__proto__", ""),
    hostileValue,
  ).map(([body, key, value]) => ({ ...Object(body), [key]: value }));
  const text = fc.oneof(
    { weight: 2, arbitrary: orderable.map((body) => JSON.stringify(body)) },
    { weight: 2, arbitrary: valid.map((body) => JSON.stringify(body)) },
    { weight: 4, arbitrary: nearlyValid.map((body) => JSON.stringify(body)) },
    hostileValue.map((body) => JSON.stringify(body)),
    // Cut off somewhere, and with a key twice.
    fc.tuple(valid, fc.nat()).map(([body, at]) => JSON.stringify(body).slice(0, at % 60)),
    valid.map((body) => JSON.stringify(body).replace("{", '{"part_uuids":1,')),
    fc.constantFrom("NaN", "\ufeff{}", "[".repeat(30_000), '{"part_uuids":[1e999]}'),
  );
  return fc.oneof(
    { weight: 8, arbitrary: text.map((body) => new TextEncoder().encode(body)) },
    fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
  );
}
