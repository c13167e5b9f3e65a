import type { RawAnswer } from "../../support/grpc_wire.ts";
import type { Condition } from "../condition.ts";

/** Drives the running system into one status of one method. */
export interface Scenario {
  /** The condition of the system; by default, everything is up. */
  readonly given?: Condition;
  readonly ask: () => Promise<RawAnswer>;
}

/** The scenarios of a service, by method and by outcome: a status and, if it has one, its reason. */
export type Scenarios = Readonly<Record<string, Readonly<Record<string, Scenario>>>>;

/** Replaces a request's message with bytes that can't be decoded. */
export const UNDECODABLE = { message: Uint8Array.of(0xff) };
