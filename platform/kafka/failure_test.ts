import assert from "node:assert/strict";
import { AccessRefused, Unavailable } from "../core/failure.ts";
import { isKafkaError, toFailure } from "./failure.ts";

/** An error as the library makes it. */
function libraryError(code: string, facts: object = {}): Error {
  return Object.assign(new Error(code), { code, ...facts });
}

const answered = (apiId: string) => libraryError("PLT_KFK_PROTOCOL", { apiId });
const several = (...errors: Error[]) =>
  Object.assign(new AggregateError(errors, "several"), { code: "PLT_KFK_MULTIPLE" });

const UNAVAILABLE = [
  libraryError("PLT_KFK_NETWORK"),
  libraryError("ECONNREFUSED"),
  answered("NOT_ENOUGH_REPLICAS"),
  answered("LEADER_NOT_AVAILABLE"),
  several(libraryError("PLT_KFK_NETWORK"), answered("REQUEST_TIMED_OUT")),
];

for (const error of UNAVAILABLE) {
  Deno.test(`${nameOf(error)} is an outage`, () => {
    const failure = toFailure(error);
    assert(failure instanceof Unavailable && !(failure instanceof AccessRefused));
    assert.equal(failure.cause, error);
  });
}

const REFUSED = [
  libraryError("PLT_KFK_AUTHENTICATION"),
  answered("TOPIC_AUTHORIZATION_FAILED"),
  answered("SASL_AUTHENTICATION_FAILED"),
  several(libraryError("PLT_KFK_NETWORK", { cause: libraryError("PLT_KFK_AUTHENTICATION") })),
];

for (const error of REFUSED) {
  Deno.test(`${nameOf(error)} is a refusal of access, which waiting does not mend`, () => {
    assert(toFailure(error) instanceof AccessRefused);
  });
}

const FAULTS = [
  answered("MESSAGE_TOO_LARGE"),
  several(answered("INVALID_RECORD")),
  libraryError("PLT_KFK_USER"),
  new TypeError("ours"),
];

for (const error of FAULTS) {
  Deno.test(`${nameOf(error)} stays as it is, as it would fail again`, () => {
    assert.equal(toFailure(error), error);
  });
}

Deno.test("Kafka's name of an error is found among several and below a failure", () => {
  const failure = toFailure(several(answered("TOPIC_ALREADY_EXISTS")));
  assert(isKafkaError(failure, "TOPIC_ALREADY_EXISTS"));
  assert(!isKafkaError(failure, "MESSAGE_TOO_LARGE"));
  assert(!isKafkaError(undefined, "MESSAGE_TOO_LARGE"));
});

function nameOf(error: Error): string {
  const { apiId, code, errors } = error as { apiId?: string; code?: string; errors?: Error[] };
  return errors?.map(nameOf).join(" and ") ?? apiId ?? code ?? error.name;
}
