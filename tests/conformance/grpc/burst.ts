import type { RawAnswer } from "../../support/grpc_wire.ts";

/** More requests than IAM's password queue holds in this suite. */
const BURST = 32;

/** Sends a request many times at once, and returns the answer to one that was refused with a status. */
export async function askInBurst(
  ask: () => Promise<RawAnswer>,
  wanted = "RESOURCE_EXHAUSTED",
): Promise<RawAnswer> {
  const answers = await Promise.all(Array.from({ length: BURST }, ask));
  const refused = answers.find(({ status }) => status === wanted);
  if (refused === undefined) throw new Error(`none of ${BURST} requests was refused as ${wanted}`);
  return refused;
}
