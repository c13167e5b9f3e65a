import { ServerFailed } from "../errors.ts";

/** The unprivileged account that the stores run under; `undefined` if we are unprivileged ourselves. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

// "nobody" is the last resort: Postgres refuses to run as root.
const CANDIDATES = ["postgres", "redis", "nobody"];

/** Chooses the account for the stores: one of the machine's own if we are root, else ours. */
export async function serverAccount(): Promise<Account | undefined> {
  if (Deno.uid() !== 0) return undefined;
  const accounts = (await Deno.readTextFile("/etc/passwd")).split("\n").map((line) => line.split(":"));
  for (const name of CANDIDATES) {
    const [, , uid, gid] = accounts.find(([first]) => first === name) ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

/** Whether the account can reach what is in a folder. */
export async function canReach(account: Account | undefined, folder: string): Promise<boolean> {
  if (!account) return true;
  const { uid, gid } = account;
  return (await new Deno.Command("test", { args: ["-x", folder], cwd: "/", uid, gid }).output()).success;
}

/** Makes a folder that belongs to the account and is closed to others, whatever the umask. */
export async function makeFolderFor(account: Account | undefined, folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.chmod(folder, 0o700);
  if (account) await Deno.chown(folder, account.uid, account.gid);
}

/** How a program is run. */
export interface RunOptions {
  readonly account?: Account | undefined;
  readonly cwd: string;
  /** Its standard input. */
  readonly input?: string;
}

/**
 * Runs a program to its end without our own environment, and returns its standard output.
 *
 * @throws {ServerFailed} when it reports failure
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
  await writeInput(child, options.input ?? "");
  const { success, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  if (success) return text.decode(stdout);
  throw new ServerFailed(`${command} failed: ${lastLines(text.decode(stderr) || text.decode(stdout))}`);
}

/** The part of a command's options that makes it run as the account, with nothing of our own environment. */
export function asAccount(account: Account | undefined): Partial<Deno.CommandOptions> {
  // PGDATA, PGPORT and the like would otherwise lead Postgres to another cluster.
  const clean = { clearEnv: true, env: { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C" } };
  return account ? { ...clean, uid: account.uid, gid: account.gid } : clean;
}

/** Gives a program, started with a pipe for it, its whole standard input. */
export async function writeInput(child: Deno.ChildProcess, input: string): Promise<void> {
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
}

/** The end of a program's output, enough to see what was wrong. */
export function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-8).join("\n");
}
