import { delimiter, dirname } from "node:path";

/** Options of {@linkcode runDeno}. */
export interface RunDenoOptions {
  /** The working folder. */
  readonly cwd: string;
  /** Variables to add to this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Keep the output of the command for its error instead of printing it; false by default. */
  readonly quiet?: boolean;
}

/**
 * Runs a command with the Deno executable of this process.
 *
 * Its folder is put first on the command's `PATH`: the Deno in use may not be there (`npx deno@…` does not install one),
 * but tools call `deno` by name.
 *
 * @throws {DenoRunError} if the exit code is not 0.
 */
export async function runDeno(args: readonly string[], options: RunDenoOptions): Promise<void> {
  const deno = Deno.execPath();
  const command = new Deno.Command(deno, {
    args: [...args],
    cwd: options.cwd,
    env: { ...options.env, PATH: [dirname(deno), Deno.env.get("PATH") ?? []].flat().join(delimiter) },
    stdin: "null",
    stdout: options.quiet ? "piped" : "inherit",
    stderr: options.quiet ? "piped" : "inherit",
  });
  if (options.quiet) {
    const { code, stdout, stderr } = await command.output();
    const output = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
    if (code !== 0) throw new DenoRunError(args, code, output);
  } else {
    const { code } = await command.spawn().status;
    if (code !== 0) throw new DenoRunError(args, code);
  }
}

/** A command of {@linkcode runDeno} failed; its output says why. */
export class DenoRunError extends Error {
  override readonly name = "DenoRunError";

  /** @param output The output of the command, if it ran quietly. */
  constructor(readonly args: readonly string[], readonly code: number, readonly output = "") {
    super(`deno ${args.join(" ")} ended with exit code ${code}`);
  }
}
