/** How long a call may take even on a busy machine, in milliseconds. */
export const DEADLINE_MS = 20_000;
