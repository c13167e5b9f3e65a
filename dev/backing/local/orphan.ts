import { becomes } from "../poll.ts";
import { childrenOf, commandLineOf, isRunning, signal } from "./processes.ts";

const ORPHAN_PACE = { withinMs: 10_000, everyMs: 20 };

/** Ends what an earlier run of ours left behind in this folder, if it could not take its server with it. */
export async function endOrphan(folder: string): Promise<void> {
  const pid = await pidIn(folder);
  if (pid === undefined || !(await commandLineOf(pid)).includes(folder)) return;
  const isGone = async () => !await isRunning(pid);
  for (const child of [pid, ...await childrenOf(pid)]) signal(child, "SIGCONT");
  // To Postgres it says "fast", to Redis "now, but in good order".
  signal(pid, "SIGINT");
  if (await becomes(isGone, ORPHAN_PACE)) return;
  signal(pid, "SIGKILL");
  await becomes(isGone, ORPHAN_PACE);
}

async function pidIn(folder: string): Promise<number | undefined> {
  try {
    return Number(await Deno.readTextFile(`${folder}/pid`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
