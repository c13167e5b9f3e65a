import fc, { type Arbitrary } from "fast-check";
import type { Contract } from "./openapi.ts";
import { arbitraryOf, hostileValue } from "./schema_arbitrary.ts";

/** A request, as bytes where it has a body. */
export interface FuzzedRequest {
  readonly method: string;
  readonly path: string;
  readonly session: "own" | "none" | "wrong";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

/**
 * Makes requests to the order API, good ones, nearly good ones and hostile ones.
 *
 * @param orderUuids Orders that are there.
 */
export function fuzzedRequest(
  contract: Contract,
  partUuid: string,
  orderUuids: readonly string[],
): Arbitrary<FuzzedRequest> {
  const orderUuid = fc.oneof(fc.constantFrom(...orderUuids), { weight: 2, arbitrary: pathSegment });
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
  const key = fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    fc.record({ "Idempotency-Key": idempotencyKey }),
  );
  const posting = (path: Arbitrary<string>, body: Arbitrary<Uint8Array<ArrayBuffer>>) =>
    fc.record({ path, session, headers, key, body }).map(({ key, ...request }) => ({
      method: "POST",
      ...request,
      headers: { "Content-Type": "application/json", ...key, ...request.headers },
    }));
  const placing = posting(fc.constant("/api/v1/orders"), fuzzedBody(contract, partUuid));
  const paying = posting(
    orderUuid.map((segment) => `/api/v1/orders/${segment}/pay`),
    fuzzedBodyOf(
      arbitraryOf(contract.requestSchema("payOrder"), (ref) => contract.schemaAt(ref)),
      "payment_method",
    ),
  );
  const cancelling = posting(
    orderUuid.map((segment) => `/api/v1/orders/${segment}/cancel`),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
  );
  const listing = fc.record({ session, headers, query: fuzzedQuery }).map(({ query, ...request }) => ({
    method: "GET",
    path: `/api/v1/orders?${new URLSearchParams(query)}`,
    ...request,
  }));
  const reading = fc.record({ session, headers, segment: orderUuid }).map(({ segment, ...request }) => ({
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
  return fc.oneof(
    { weight: 6, arbitrary: placing },
    { weight: 3, arbitrary: paying },
    cancelling,
    { weight: 2, arbitrary: listing },
    { weight: 2, arbitrary: reading },
    astray,
  );
}

const pathSegment: Arbitrary<string> = fc.oneof(
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  // What a browser would send for it; a dot segment would name another path.
  fc.string({ unit: "binary", minLength: 1 }).map((text) => encodeURIComponent(text.toWellFormed()))
    .filter((text) => !/^(\.|%2e){1,2}$/i.test(text)),
  fc.constantFrom("%00", "%ff%fe", "%zz", "x".repeat(7_000), "1%27%20or%201=1"),
);

/** Bodies from the document's own schema, and some that can be ordered. */
function fuzzedBody(contract: Contract, partUuid: string): Arbitrary<Uint8Array<ArrayBuffer>> {
  const valid = arbitraryOf(contract.requestSchema("createOrder"), (ref) => contract.schemaAt(ref));
  const orderable = fc.array(fc.constant(partUuid), { minLength: 1, maxLength: 100 })
    .map((part_uuids) => ({ part_uuids }));
  return fc.oneof(fuzzedBodyOf(orderable, "part_uuids"), {
    weight: 3,
    arbitrary: fuzzedBodyOf(valid, "part_uuids"),
  });
}

/** Bodies as they are to be, nearly so, hostile, and no JSON at all. `field` is one that they have. */
function fuzzedBodyOf(valid: Arbitrary<unknown>, field: string): Arbitrary<Uint8Array<ArrayBuffer>> {
  const nearlyValid = fc.tuple(
    valid,
    fc.constantFrom(field, "user_uuid", "coupon", "__proto__", ""),
    hostileValue,
  )
    .map(([body, key, value]) => ({ ...Object(body), [key]: value }));
  const text = fc.oneof(
    { weight: 3, arbitrary: valid.map((body) => JSON.stringify(body)) },
    { weight: 4, arbitrary: nearlyValid.map((body) => JSON.stringify(body)) },
    hostileValue.map((body) => JSON.stringify(body)),
    // Cut off somewhere, and with a key twice.
    fc.tuple(valid, fc.nat()).map(([body, at]) => JSON.stringify(body).slice(0, at % 60)),
    valid.map((body) => JSON.stringify(body).replace("{", `{"${field}":1,`)),
    fc.constantFrom("NaN", "\ufeff{}", "[".repeat(30_000), `{"${field}":[1e999]}`),
  );
  return fc.oneof(
    { weight: 8, arbitrary: text.map((body) => new TextEncoder().encode(body)) },
    fc.uint8Array({ maxLength: 200 }).map((bytes) => new Uint8Array(bytes)),
  );
}

/** Few enough that some come again, with the same request or with another. */
const idempotencyKey: Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("a", '"a"', "b", '""', '"') },
  fc.stringMatching(/^[ -~]{0,300}$/),
);

const fuzzedQuery: Arbitrary<string[][]> = fc.array(
  fc.tuple(
    fc.constantFrom("limit", "cursor", "status", "page", "__proto__", ""),
    fc.oneof(
      fc.constantFrom("1", "100", "101", "-1", "1e2", "0x10", " 5", "PAID", "PENDING_PAYMENT", "paid"),
      fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 17n }), fc.uuid())
        .map(([micros, uuid]) => btoa(`${micros}.${uuid}`).replace(/=+$/, "")),
      fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
      fc.constant("x".repeat(7_000)),
    ).map(String),
  ).map(([name, value]) => [name, value]),
  { maxLength: 4 },
);
