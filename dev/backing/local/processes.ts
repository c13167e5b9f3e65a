import { statIfExists } from "../files.ts";
import { becomes } from "../ready.ts";

/** Whether a process is still at work: a zombie, which has ended and was not waited for, is not. */
export async function isRunning(pid: number): Promise<boolean> {
  return await commandLineOf(pid) !== "";
}

/** Sends a signal to a process that may have ended by now. */
export function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The processes that a process has started: Postgres has one for each connection. */
async function childrenOf(pid: number): Promise<number[]> {
  const children = await outputOf('cat "/proc/$0/task/$0/children" || pgrep -P "$0"', pid);
  return children.split(/\s+/).filter((word) => word !== "").map(Number);
}

/** Sends a signal to a process, and then to its children: a process that is stopped first makes no more of them. */
export async function signalFamily(pid: number, name: Deno.Signal): Promise<void> {
  signal(pid, name);
  for (const child of await childrenOf(pid)) signal(child, name);
}

const END_PACE = { withinMs: 10_000, everyMs: 10 };

/** Ends a process and its children at once, as a power cut would: a child that lived on would hold the data. */
export async function killFamily(pid: number): Promise<void> {
  const family = [pid, ...await childrenOf(pid)];
  for (const each of family) signal(each, "SIGKILL");
  const areGone = async () => !(await Promise.all(family.map(isRunning))).includes(true);
  await becomes(areGone, END_PACE);
}

/** Ends the server that a killed run left behind in this folder, if its end did not take the server with it. */
export async function endOrphan(folder: string): Promise<void> {
  let pid: number;
  try {
    pid = Number(await Deno.readTextFile(`${folder}/pid`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  // Another process may have been given the number since.
  if (!(await commandLineOf(pid)).includes(folder)) return;
  await signalFamily(pid, "SIGCONT");
  // Both stores shut down cleanly on it. A killed Postgres would leave its lock file, which names a process that may
  // stay a zombie for long: its parent has died.
  signal(pid, "SIGINT");
  if (!await becomes(async () => !await isRunning(pid), END_PACE)) await killFamily(pid);
}

function commandLineOf(pid: number): Promise<string> {
  return outputOf('cat "/proc/$0/cmdline" || ps -o args= -p "$0"', pid);
}

/** Asks about a process in the shell: Deno itself may not read `/proc`, and not every system has one. */
async function outputOf(script: string, pid: number): Promise<string> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script, String(pid)], stderr: "null" })
    .output();
  return new TextDecoder().decode(stdout);
}

/**
 * A command line for a program that ends when we end, even by SIGKILL, if the machine has `setpriv` (Linux); elsewhere
 * the command line as it is.
 *
 * @param signal What the program is sent when we die without having stopped it.
 */
export async function boundToUs(
  signal: "INT" | "TERM",
  command: string,
  args: readonly string[],
): Promise<{ readonly command: string; readonly args: string[] }> {
  if (!await statIfExists(SETPRIV)) return { command, args: [...args] };
  return { command: SETPRIV, args: ["--pdeathsig", signal, "--", command, ...args] };
}

const SETPRIV = "/usr/bin/setpriv";
