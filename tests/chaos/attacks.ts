import {
  cheapFailures,
  compressedBombs,
  expandingFilter,
  idleConnections,
  pingFlood,
  unfinishedCalls,
} from "./grpc_attacks.ts";
import {
  brokenFields,
  idleHttpConnections,
  loginRush,
  longPaths,
  probeFlood,
  requestFlood,
  slowBodies,
  slowHeaders,
  unpaidOrders,
  unreadAnswers,
} from "./http_attacks.ts";
import { tooManyReads } from "./overload.ts";
import type { AttackResult } from "./pace.ts";
import type { Target } from "./target.ts";

const BY_NAME = {
  "compressed bombs": compressedBombs,
  "a filter that expands": expandingFilter,
  "idle connections": idleConnections,
  "calls that never finish": unfinishedCalls,
  "slow HTTP headers": slowHeaders,
  "slow HTTP bodies": slowBodies,
  "idle HTTP connections": idleHttpConnections,
  "HTTP answers that are not read": unreadAnswers,
  "orders that are never paid": unpaidOrders,
  "a rush of logins": loginRush,
  "bodies with many broken fields": brokenFields,
  "long paths": longPaths,
  "a flood of /readyz": probeFlood,
  "a flood of one session's requests": requestFlood,
  "a flood of pings": pingFlood,
  "a flood of cheap failures": cheapFailures,
  "three times the reads that fit": tooManyReads,
} as const satisfies Readonly<Record<string, (target: Target) => Promise<AttackResult>>>;

/** Names an attack. */
export type AttackName = keyof typeof BY_NAME;

/** Every attack. */
// Object.keys is typed for objects that may have more keys than their type says; this one has none.
export const ATTACKS = Object.keys(BY_NAME) as readonly AttackName[];

/** Whether a text names an attack. */
export function isAttackName(text: string): text is AttackName {
  return Object.hasOwn(BY_NAME, text);
}

/** Attacks a target, for some seconds. */
export function attack(name: AttackName, target: Target): Promise<AttackResult> {
  return BY_NAME[name](target);
}
