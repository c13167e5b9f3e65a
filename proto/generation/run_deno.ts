import { delimiter, dirname } from "node:path";

/** Where and how {@linkcode runDeno} runs. */
export interface RunDenoOptions {
  /** The working folder. */
  readonly cwd: string;
  /** Variables to set on top of this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether what the command says is kept for its failure, instead of going to our output; not by default. */
  readonly quiet?: boolean;
}

/**
 * Runs this very Deno once more, with its output on ours.
 *
 * The Deno in use need not be on `PATH` (`npx deno@…` puts none there for good), but tools that are started from
 * here may call `deno` by name: its folder goes first on their `PATH`.
 *
 * @throws {DenoRunError} When the command ends with another exit code than 0.
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

/** A command that {@linkcode runDeno} ran failed; its output says why. */
export class DenoRunError extends Error {
  override readonly name = "DenoRunError";

  /** @param output What the command said, where it was run quietly. */
  constructor(readonly args: readonly string[], readonly code: number, readonly output = "") {
    super(`deno ${args.join(" ")} ended with exit code ${code}`);
  }
}
