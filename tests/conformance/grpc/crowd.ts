import type { RawAnswer } from "../../support/grpc_wire.ts";

/** More than IAM's queue of passwords takes, as the suite starts it. */
const CROWD = 32;

/** Asks the same many times at once, and gives the answer to one of those that were too many. */
export async function askInCrowd(ask: () => Promise<RawAnswer>): Promise<RawAnswer> {
  const answers = await Promise.all(Array.from({ length: CROWD }, ask));
  const refused = answers.find(({ status }) => status !== "OK");
  if (refused === undefined) throw new Error(`a crowd of ${CROWD} was served`);
  return refused;
}
