import { AccessRefused, Unavailable } from "../core/failure.ts";

/** The library's codes for faults of ours: wrong options, a record that can't be encoded. */
const CALLER_AT_FAULT: ReadonlySet<unknown> = new Set([
  "PLT_KFK_USER",
  "PLT_KFK_OUT_OF_BOUNDS",
  "PLT_KFK_UNSUPPORTED",
  "PLT_KFK_UNSUPPORTED_COMPRESSION",
  "PLT_KFK_UNSUPPORTED_FORMAT",
]);

/** Kafka's names of errors that blame the record (Kafka protocol guide, error codes). */
const RECORD_AT_FAULT =
  /^(MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE|INVALID_RECORD|INVALID_TOPIC_EXCEPTION|CORRUPT_MESSAGE)$/;

/** The user, the password or a permission is wrong. */
const ACCESS_REFUSED = /_AUTHORIZATION_FAILED$|^SASL_AUTHENTICATION_FAILED$|^UNSUPPORTED_SASL_MECHANISM$/;

/**
 * Maps an error of the library to a failure. Errors that blame a record, and faults of ours, stay as they are: they
 * would fail in the same way again.
 */
export function toFailure(error: unknown): unknown {
  const all = [...withCauses(error)];
  if (all.some(isRefusal)) return new AccessRefused("kafka", { cause: error });
  if (all.some((each) => RECORD_AT_FAULT.test(each.apiId) || CALLER_AT_FAULT.has(each.code))) return error;
  return all.some(({ code }) => code !== "") ? new Unavailable("kafka", { cause: error }) : error;
}

/** Whether Kafka answered, somewhere below an error, with this name of an error. */
export function isKafkaError(error: unknown, apiId: string): boolean {
  return [...withCauses(error)].some((each) => each.apiId === apiId);
}

interface Facts {
  /** The library's or the system's code; empty if there is none. */
  readonly code: string;
  /** Kafka's name of the error; empty if Kafka did not answer with one. */
  readonly apiId: string;
}

function isRefusal({ code, apiId }: Facts): boolean {
  return code === "PLT_KFK_AUTHENTICATION" || ACCESS_REFUSED.test(apiId);
}

/** An error, the errors that it sums up, and their causes. */
function* withCauses(error: unknown): Iterable<Facts> {
  if (!(error instanceof Error)) return;
  yield { code: textOf(error, "code"), apiId: textOf(error, "apiId") };
  if (error instanceof AggregateError) { for (const each of error.errors) yield* withCauses(each); }
  yield* withCauses(error.cause);
}

function textOf(error: Error, name: "code" | "apiId"): string {
  const value: unknown = Reflect.get(error, name);
  return typeof value === "string" ? value : "";
}
