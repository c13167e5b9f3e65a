/**
 * A command line for a program that ends when we end, even by SIGKILL, where the machine's `setpriv` can bind it to us
 * (Linux); elsewhere the command line as it is.
 *
 * @param signal What the program is sent when we die without having stopped it.
 */
export async function boundToUs(
  signal: "INT" | "TERM",
  command: string,
  args: readonly string[],
): Promise<{ readonly command: string; readonly args: string[] }> {
  if (!await canBind()) return { command, args: [...args] };
  return { command: "setpriv", args: ["--pdeathsig", signal, "--", command, ...args] };
}

let binds: Promise<boolean> | undefined;

/** Whether this machine has a `setpriv` that can bind a process to its parent's life. */
function canBind(): Promise<boolean> {
  binds ??= (async () => {
    try {
      const args = ["--pdeathsig", "TERM", "--", "true"];
      const trial = new Deno.Command("setpriv", { args, stdout: "null", stderr: "null" });
      return (await trial.output()).success;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  })();
  return binds;
}
