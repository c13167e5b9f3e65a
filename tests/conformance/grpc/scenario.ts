import type { RawAnswer } from "../../support/grpc_wire.ts";
import type { Condition } from "./condition.ts";

/** Drives the running system into one status of one method. */
export interface Scenario {
  /** What state the system is in; default well. */
  readonly given?: Condition;
  readonly ask: () => Promise<RawAnswer>;
}

/** The scenarios of a service, by method and by what each is answered: a status and, if it has one, its reason. */
export type Scenarios = Readonly<Record<string, Readonly<Record<string, Scenario>>>>;

/** Changes a request into bytes that no message has. */
export const UNDECODABLE = { message: Uint8Array.of(0xff) };
