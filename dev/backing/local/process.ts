import { type Account, makeFolderFor } from "./account.ts";
import { boundToUs } from "./bound_to_us.ts";
import { asAccount, lastLines } from "./run.ts";

/** What becomes a server's process. */
export interface ProcessPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly account: Account | undefined;
  /** Where it starts, and where its `log` and its `pid` are written. */
  readonly folder: string;
  /** What it is sent when we die without having stopped it. */
  readonly deathSignal: "INT" | "TERM";
}

/**
 * Starts a server's process in a session of its own, so that Ctrl-C in our terminal does not reach it, and bound to
 * us (where `setpriv` is: Linux), so that it ends when we end, even by SIGKILL.
 */
export async function startProcess(plan: ProcessPlan): Promise<Deno.ChildProcess> {
  await makeFolderFor(plan.account, plan.folder);
  // The shell opens the log and becomes the server: no pipe of ours to drain, and the log outlives us.
  const shell = ["-c", 'exec "$0" "$@" >>log 2>&1', plan.command, ...plan.args];
  const { command, args } = await boundToUs(plan.deathSignal, "sh", shell);
  const child = new Deno.Command(command, {
    args,
    cwd: plan.folder,
    ...asAccount(plan.account),
    detached: true,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await Deno.writeTextFile(`${plan.folder}/pid`, String(child.pid));
  return child;
}

/** The end of what the servers of this folder logged. */
export async function logOf(folder: string): Promise<string> {
  return lastLines(await Deno.readTextFile(`${folder}/log`));
}
