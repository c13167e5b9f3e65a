import type { Workspace } from "./workspace.ts";

/** One violation of a rule. */
export interface Violation {
  readonly path: string;
  readonly line?: number;
  readonly message: string;
}

/** A rule of the workspace's architecture. */
export interface Rule {
  /** What the rule requires, e.g. "no module imports itself, directly or through others". */
  readonly claim: string;
  readonly check: (workspace: Workspace) => readonly Violation[];
}

/** Formats a violation as a line that editors can jump to. */
export function formatViolation({ path, line, message }: Violation): string {
  return `${path}${line === undefined ? "" : `:${line}`}: ${message}`;
}
