/** How long a call may take, in milliseconds; the same as for a call between services. */
export const DEADLINE_MS = 2_000;
