import assert from "node:assert/strict";

/** How a run that is to be killed is started. */
export interface KilledRun {
  readonly source: "local" | "docker";
  readonly dataDir?: string;
  readonly env?: Record<string, string>;
}

/** Another process that holds servers, ready; disposing it kills it if nobody has. */
export async function holdBacking({ source, dataDir, env = {} }: KilledRun): Promise<Deno.ChildProcess> {
  const script = new URL("./hold_backing.ts", import.meta.url).pathname;
  const permissions = ["run", "read", "write", "env", "sys", "net"].map((name) => `--allow-${name}`);
  const run = new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions, script, source, ...(dataDir === undefined ? [] : [dataDir])],
    env,
    stdout: "piped",
  }).spawn();
  const output = run.stdout.getReader();
  const { value } = await output.read();
  assert.equal(new TextDecoder().decode(value), "ready\n");
  await output.cancel();
  return run;
}

/** Kills a run as nothing can prepare for, and waits until it is gone. */
export async function killRun(run: Deno.ChildProcess): Promise<void> {
  run.kill("SIGKILL");
  await run.status;
}
