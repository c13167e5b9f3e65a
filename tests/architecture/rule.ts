import type { Workspace } from "./workspace.ts";

/** One violation of a rule. */
export interface Violation {
  readonly path: string;
  readonly line?: number;
  readonly message: string;
}

/** A rule of the workspace's architecture. */
export interface Rule {
  /** A claim about the workspace, e.g. "no module imports itself in a circle". */
  readonly claim: string;
  readonly check: (workspace: Workspace) => readonly Violation[];
}

/** One line per violation, in the form editors can jump to. */
export function formatViolation({ path, line, message }: Violation): string {
  return `${path}${line === undefined ? "" : `:${line}`}: ${message}`;
}
