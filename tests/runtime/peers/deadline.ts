/** How long a call may take, in milliseconds; a call between our services has as long. */
export const DEADLINE_MS = 2_000;
