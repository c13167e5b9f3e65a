import { CommandFailed } from "../errors.ts";
import type { Account } from "./account.ts";

/** How a program is run. */
export interface RunOptions {
  readonly account?: Account | undefined;
  readonly cwd: string;
  /** What it reads from its standard input. */
  readonly input?: string;
}

/**
 * Runs a program to its end, away from our own environment, and returns what it wrote to its standard output.
 *
 * @throws {CommandFailed} when it reports failure
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  const child = new Deno.Command(command, {
    args: [...args],
    cwd: options.cwd,
    ...asAccount(options.account),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const input = child.stdin.getWriter();
  await input.write(new TextEncoder().encode(options.input ?? ""));
  await input.close();
  const { success, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  if (success) return text.decode(stdout);
  throw new CommandFailed(`${command} failed: ${lastLines(text.decode(stderr) || text.decode(stdout))}`);
}

/** The part of a command's options that makes it run as the account, with nothing of our own environment. */
export function asAccount(account: Account | undefined): Partial<Deno.CommandOptions> {
  // PGDATA, PGPORT and their like would otherwise lead Postgres to somebody else's cluster.
  const clean = { clearEnv: true, env: { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" } };
  return account ? { ...clean, uid: account.uid, gid: account.gid } : clean;
}

/** The end of what a program wrote, enough to see what was wrong. */
export function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-8).join("\n");
}
