import fc, { type Arbitrary } from "fast-check";
import type { Contract, Operation, Parameter } from "../../support/openapi.ts";
import { arbitraryOf } from "../../support/schema_arbitrary.ts";
import { anyBytes, fuzzedBody } from "./body.ts";

/** A generated request; what is absent is as in a valid one. It can be printed and built again. */
export interface FuzzedRequest {
  /** The operation's id in the document. */
  readonly id: string;
  /** Values for the path's parameters, by name. */
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** Whether it has the session; `headers` are added to it. */
  readonly isInSession: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

/** What requests are generated from. */
export interface FuzzedSubjects {
  readonly contract: Contract;
  /** A valid body for the operation, if it takes one. */
  readonly goodBody: (id: string) => object | undefined;
  /** Orders that can't be changed any more, if the API has orders. */
  readonly spentOrders?: readonly string[];
}

/** Generates requests for the operations of a document. */
export function fuzzedRequest(
  { contract, goodBody, spentOrders = [] }: FuzzedSubjects,
): Arbitrary<FuzzedRequest> {
  const schemaAt = contract.schemaAt.bind(contract);
  const valid = ({ schema }: Parameter) => arbitraryOf(schema, schemaAt).map(String);

  const pathOf = (parameters: readonly Parameter[]) => {
    const segments = parameters.map((parameter) => [
      parameter.name,
      fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        valid(parameter),
        ...spentOrders.map((order) => fc.constant(order)),
        hostileSegment,
      ),
    ]);
    return fc.record<Record<string, string | undefined>>(Object.fromEntries(segments));
  };
  const queryOf = (parameters: readonly Parameter[]) => {
    const names = parameters.map(({ name }) => name);
    const one = fc.oneof(
      ...parameters.map((parameter) => fc.tuple(fc.constant(parameter.name), valid(parameter))),
      ...names.map((name) => fc.tuple(fc.constant(name), hostileText)),
      fc.tuple(fc.constantFrom(...names, "page", "__proto__", ""), hostileText),
    );
    return fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(one, { maxLength: 4 }));
  };
  const headersOf = (parameters: readonly Parameter[]) => {
    const known = parameters.map((parameter) =>
      fc.oneof(valid(parameter), FEW, hostileHeader).map((value) => ({ [parameter.name]: value }))
    );
    const one = fc.oneof(
      ...known,
      hostileHeader.map((value) => ({ "X-Session-Uuid": value })),
      MEDIA_TYPE.map((value) => ({ "Content-Type": value })),
      fc.oneof(MEDIA_TYPE, hostileHeader).map((value) => ({ "Accept": value })),
    );
    return fc.array(one, { maxLength: 2 }).map((some): Record<string, string> => Object.assign({}, ...some));
  };
  const bodyOf = ({ id, method, body }: Operation) => {
    const nothing = fc.constant(undefined);
    if (method === "GET") return nothing;
    const made = body === undefined ? anyBytes : fuzzedBody(body, goodBody(id) ?? {}, schemaAt);
    return fc.oneof(nothing, { weight: 3, arbitrary: made });
  };

  return fc.oneof(...contract.operations.map((operation) => {
    const parametersIn = (where: Parameter["in"]) => operation.parameters.filter((one) => one.in === where);
    return fc.record({
      id: fc.constant(operation.id),
      path: pathOf(parametersIn("path")),
      query: queryOf(parametersIn("query")),
      isInSession: fc.oneof({ weight: 7, arbitrary: fc.constant(true) }, fc.boolean()),
      headers: headersOf(parametersIn("header")),
      body: bodyOf(operation),
    });
  }));
}

/** Few enough that some repeat, with the same request or another. */
const FEW = fc.constantFrom("a", '"a"', "b", '""', '"');

const MEDIA_TYPE = fc.constantFrom(
  "text/plain",
  "text/html",
  "application/xml",
  "application/json; charset=x",
  "application/json;q=0",
  "",
);

/** What HTTP allows in a header: no control characters except the tab (RFC 9110, 5.5). */
const headerCharacter = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 32, max: 126 }) },
  fc.integer({ min: 128, max: 255 }),
  fc.constant(9),
).map((code) => String.fromCharCode(code));

const hostileHeader: Arbitrary<string> = fc.oneof(
  fc.string({ unit: headerCharacter, maxLength: 80 }),
  fc.stringMatching(/^[A-Za-z0-9_-]{0,70}$/),
  fc.uuid(),
  fc.uuid().map((uuid) => `${uuid}, ${uuid}`),
  fc.constantFrom(
    "",
    "0-0",
    "x".repeat(6_000),
    "00000000-0000-0000-0000-000000000000",
    "'; drop table orders",
  ),
);

const hostileText: Arbitrary<string> = fc.oneof(
  fc.constantFrom("1", "0", "101", "-1", "1e2", "0x10", " 5", "9".repeat(400), "paid", "x".repeat(7_000)),
  fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
  fc.uuid(),
  // The content of a cursor.
  fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 25n }), fc.uuid())
    .map(([micros, uuid]) => btoa(`${micros}.${uuid}`).replace(/=+$/, "")),
);

/** Encodes a segment as a browser would; a dot segment would change the path. */
const hostileSegment: Arbitrary<string> = fc.oneof(
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  fc.string({ unit: "binary", minLength: 1 }).map((text) => encodeURIComponent(text.toWellFormed()))
    .filter((text) => !/^(\.|%2e){1,2}$/i.test(text)),
  fc.constantFrom("%00", "%ff%fe", "%zz", "x".repeat(7_000), "1%27%20or%201=1"),
);
