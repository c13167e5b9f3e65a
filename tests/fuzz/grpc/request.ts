import fc, { type Arbitrary } from "fast-check";
import type { OutgoingHttpHeaders } from "node:http2";
import type { ContractMethod } from "../../support/grpc_contract.ts";
import { BROKEN_FRAMINGS, type FramingName, WHOLE_FRAMINGS } from "./framing.ts";
import { type FuzzedMessage, fuzzedMessage } from "./message.ts";

/** A generated request. It can be printed and built again. */
export interface FuzzedRequest {
  /** The method, `package.Service/Method`. */
  readonly name: string;
  readonly message: FuzzedMessage;
  readonly framing: FramingName;
  /** Whether it has the metadata of a valid request; `headers` are added to it. */
  readonly hasGoodMetadata: boolean;
  readonly headers: OutgoingHttpHeaders;
}

/** Generates requests for these methods. */
export function fuzzedRequest(methods: readonly ContractMethod[]): Arbitrary<FuzzedRequest> {
  return fc.oneof(...methods.map(({ name, input }) =>
    fc.record({
      name: fc.constant(name),
      message: fuzzedMessage(input),
      framing: fc.oneof(
        { weight: 8, arbitrary: fc.constant("one frame" as const) },
        fc.constantFrom(...WHOLE_FRAMINGS),
        { weight: 3, arbitrary: fc.constantFrom(...BROKEN_FRAMINGS) },
      ),
      hasGoodMetadata: fc.oneof({ weight: 7, arbitrary: fc.constant(true) }, fc.boolean()),
      headers: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, hostileHeaders),
    })
  ));
}

/** Line breaks, which HTTP/2 forbids in a value, and space and tab, which it forbids at either end (RFC 9113, 8.2.1). */
const FORBIDDEN = [9, 10, 13, 32];

const headerCharacter: Arbitrary<string> = fc.integer({ min: 1, max: 255 })
  .filter((code) => !FORBIDDEN.includes(code))
  .map((code) => String.fromCharCode(code));

const hostileText: Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{0,70}$/),
  fc.string({ unit: headerCharacter, maxLength: 80 }),
  fc.uuid(),
  fc.uuid().map((uuid) => uuid.toUpperCase()),
  fc.constantFrom("x".repeat(6_000), "00000000-0000-0000-0000-000000000000", "a, b", "%00", "'; drop table"),
);

const hostileValue: Arbitrary<string | string[]> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  fc.array(hostileText, { minLength: 2, maxLength: 3 }),
);

const hostileHeaders: Arbitrary<OutgoingHttpHeaders> = fc.oneof(
  fc.record({ "session-uuid": hostileValue }),
  fc.record({ "x-request-id": hostileValue }),
  fc.record({ "x-trace-bin": hostileValue }),
  fc.record({
    "grpc-timeout": fc.oneof(
      fc.constantFrom("0n", "1n", "99999999u", "1m", "50m", "5S", "600H", "99999999H", "9999999999S"),
      fc.constantFrom("", "5", "S", "-1S", "1.5S", "NaNS", "5s", "5 S", "5S5S"),
      hostileText,
    ),
  }),
);
