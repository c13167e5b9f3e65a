import { COSTLY_PASSWORDS, startSystem } from "../support/system.ts";
import type { AttackName } from "./attacks.ts";
import { runAttack } from "./attacker.ts";
import type { AttackResult } from "./pace.ts";
import { type Experience, observe, startBystanders } from "./bystanders.ts";
import { peakMib, resetPeaks } from "./memory.ts";
import { prepareTarget } from "./target.ts";

/** How long the clients are observed without an attack, in milliseconds. */
const CALM_MS = 3_000;

/** How much slower than without an attack a typical request may be: twice, and some for a busy machine. */
const MAX_SLOWDOWN = 2;
const TOLERANCE_MS = 15;

/** How much memory a service may have held, in MiB. */
const MAX_PEAK_MIB = 512;

/** What one attack did. */
export interface Row {
  readonly attack: string;
  readonly experience: Experience;
  readonly peakMib: number;
  /** What the attacker achieved. */
  readonly outcome: string;
  /** What must not have happened. */
  readonly faults: readonly string[];
  /** How requests of others may have failed. */
  readonly excused?: readonly string[];
}

/** The first line of the table whose others are from {@link lineOf}. */
export const TABLE_HEAD = [
  "attack".padEnd(34),
  "others".padStart(6),
  "p50 ms".padStart(8),
  "p99 ms".padStart(8),
  "failed".padStart(7),
  "MiB".padStart(6),
  "  result ",
  "the attacker",
].join(" ");

/** Runs attacks, and reports calm and then each attack as it ends. */
export async function runAbuse(names: readonly AttackName[], report: (row: Row) => void): Promise<void> {
  // Every limit as in production.
  const env = {
    ...COSTLY_PASSWORDS,
    ORDER_LIMIT_ORDERS_PER_USER: "60/1m",
    ORDER_LIMIT_REQUESTS_PER_SESSION: "600/1m",
  };
  await using system = await startSystem({ env });
  const target = await prepareTarget(system);
  await using bystanders = await startBystanders(system, target);
  const calm = await observe(bystanders, () => new Promise((resolve) => setTimeout(resolve, CALM_MS)));
  report({ attack: "none", experience: calm, peakMib: await peakMib(system), outcome: "", faults: [] });

  for (const name of names) {
    await resetPeaks(system);
    let result: AttackResult = { outcome: "", faults: [] };
    const experience = await observe(bystanders, async () => {
      result = await runAttack(name, target);
    });
    const peak = await peakMib(system);
    const faults = [
      ...result.faults,
      ...(peak > MAX_PEAK_MIB ? [`a service held ${peak.toFixed(0)} MiB`] : []),
      ...await bystanders.afterwards(),
    ];
    report({ ...result, attack: name, experience, peakMib: peak, faults });
  }
}

/** What other clients must not have seen. Says little about an attack if the machine is busy with something else. */
export function experienceFaults({ experience, excused = [] }: Row, calm: Experience): readonly string[] {
  const { failures, medianMs } = experience;
  const slowest = calm.medianMs * MAX_SLOWDOWN + TOLERANCE_MS;
  return [
    ...[...failures].filter(([failure]) => !excused.includes(failure)).map(([failure, count]) =>
      `others saw ${failure} ${count} times`
    ),
    ...(medianMs > slowest ? [`others waited ${medianMs.toFixed(1)} ms`] : []),
  ];
}

/** A line of the table. */
export function lineOf({ attack, experience, peakMib, outcome, faults }: Row): string {
  const { requests, medianMs, p99Ms, failures } = experience;
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  return [
    attack.padEnd(34),
    `${requests}`.padStart(6),
    medianMs.toFixed(1).padStart(8),
    p99Ms.toFixed(1).padStart(8),
    `${failed}`.padStart(7),
    peakMib.toFixed(0).padStart(6),
    faults.length === 0 ? "  ok    " : "  FAILED",
    outcome,
    ...faults.map((fault) => `\n${" ".repeat(10)}${fault}`),
  ].join(" ");
}
