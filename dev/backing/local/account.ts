/** The unprivileged account that servers run under; `undefined` where we are no more than that ourselves. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

// "nobody" is the last resort: Postgres refuses to run as root.
const CANDIDATES = ["postgres", "redis", "nobody"];

/** The account for servers: one of the machine's own when we are root, else ours. */
export async function serverAccount(): Promise<Account | undefined> {
  if (Deno.uid() !== 0) return undefined;
  for (const name of CANDIDATES) {
    const [uid, gid] = await Promise.all([idOf(name, "-u"), idOf(name, "-g")]);
    if (uid && gid) return { name, uid, gid };
  }
  return undefined;
}

/** Whether the account can get at what lies in the folder. */
export async function canReach(account: Account | undefined, folder: string): Promise<boolean> {
  if (!account) return true;
  const { uid, gid } = account;
  return (await new Deno.Command("test", { args: ["-x", folder], cwd: "/", uid, gid }).output()).success;
}

/** Makes a folder that is the account's own, and nobody else's to look into. */
export async function makeFolderFor(account: Account | undefined, folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  if (account) await Deno.chown(folder, account.uid, account.gid);
}

async function idOf(name: string, flag: "-u" | "-g"): Promise<number | undefined> {
  const { success, stdout } = await new Deno.Command("id", { args: [flag, name], stderr: "null" }).output();
  return success ? Number(new TextDecoder().decode(stdout)) : undefined;
}
