import process from "node:process";

/** Whether a process does anything still: one that has ended and that nobody has asked about does not. */
export async function isRunning(pid: number): Promise<boolean> {
  return Deno.build.os === "linux" ? await commandLineOf(pid) !== "" : exists(pid);
}

/** Sends a signal to a process that may have ended by now. */
export function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch (error) {
    if (exists(pid)) throw error;
  }
}

/** The processes that a process has started: Postgres has one for each connection. */
export async function childrenOf(pid: number): Promise<number[]> {
  const command = Deno.build.os === "linux"
    ? new Deno.Command("cat", { args: [`/proc/${pid}/task/${pid}/children`], stderr: "null" })
    : new Deno.Command("pgrep", { args: ["-P", String(pid)] });
  const { stdout } = await command.output();
  return new TextDecoder().decode(stdout).split(/\s+/).filter((word) => word !== "").map(Number);
}

/** A process's command line where `/proc` tells it, else nothing. Deno lets only `cat` look there. */
export async function commandLineOf(pid: number): Promise<string> {
  if (Deno.build.os !== "linux") return "";
  const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/cmdline`], stderr: "null" })
    .output();
  return new TextDecoder().decode(stdout);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another account's process answers EPERM: it is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
