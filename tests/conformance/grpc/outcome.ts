import type { ContractMethod, DocumentedStatus } from "../../support/grpc_contract.ts";
import { readError } from "../../support/grpc_error.ts";
import type { RawAnswer } from "../../support/grpc_wire.ts";
import type { Scenarios } from "./scenario.ts";

/** The outcome of an answer: its status and, unless it is the same word, the reason in its details. */
export function outcomeOf({ registry }: ContractMethod, answer: RawAnswer): string {
  return outcome(answer.status, readError(registry, answer)?.reason);
}

/**
 * Compares the scenarios with the contract.
 *
 * @returns What to add or remove, one line each.
 */
export function coverageFaults(
  methods: readonly Pick<ContractMethod, "name" | "statuses">[],
  scenarios: Scenarios,
): readonly string[] {
  const documented = methods.flatMap(({ name, statuses }) =>
    statuses.flatMap(outcomesOf).map((outcome) => `${name} ${outcome}`)
  );
  const written = Object.entries(scenarios).flatMap(([name, outcomes]) =>
    Object.keys(outcomes).map((outcome) => `${name} ${outcome}`)
  );
  return [
    ...documented.filter((line) => !written.includes(line))
      .map((line) => `${line} has no scenario: add one to tests/conformance/grpc`),
    ...written.filter((line) => !documented.includes(line))
      .map((line) => `${line} has a scenario, but is not in the contract`),
  ];
}

function outcomesOf({ name, reasons }: DocumentedStatus): readonly string[] {
  return reasons.length === 0 ? [name] : reasons.map((reason) => outcome(name, reason));
}

function outcome(status: string, reason: string | undefined): string {
  return reason === undefined || reason === status ? status : `${status} ${reason}`;
}
