import assert from "node:assert/strict";
import { freePort } from "@rocket/platform/free-port";
import { eventually } from "@rocket/platform/testing/eventually";
import pTimeout from "p-timeout";

const PROGRAM = new URL("programs/service.ts", import.meta.url).pathname;

/** Starts a small service whose log can't be written. */
function startUnread(redirection: string) {
  const port = freePort();
  const program = `deno run --quiet --allow-net --allow-env --allow-sys=hostname,uid --allow-read`;
  const child = new Deno.Command("sh", {
    args: ["-c", `exec ${program} '${PROGRAM}' 'runs normally' ${port} ${redirection}`],
    env: { PATH: `${new URL(".", `file://${Deno.execPath()}`).pathname}:${Deno.env.get("PATH")}` },
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      // It has already exited if the test passed.
      if (await Promise.race([child.status, false]) === false) child.kill("SIGKILL");
      await child.status;
      await child.stdout.cancel();
    },
  };
}

/** Limit for an answer or the exit on a busy machine, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** Enough lines to fill a pipe's 64 KiB many times over. */
const REQUESTS = 3_000;

for (
  const [where, redirection] of [
    ["goes to a reader that never reads", ""],
    ["goes to a full disk", ">/dev/full"],
  ] as const
) {
  Deno.test({
    name: `a service whose log ${where} answers every request and stops cleanly`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await using service = startUnread(redirection);
      const path = `${service.url}/${"x".repeat(500)}`;
      const ask = async () => {
        const answer = await fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MS) });
        assert.equal(await answer.text(), "done");
      };
      await eventually(ask, TIMEOUT_MS);
      for (let sent = 0; sent < REQUESTS; sent += 100) {
        await Promise.all(Array.from({ length: 100 }, ask));
      }
      service.child.kill("SIGTERM");
      assert.equal((await pTimeout(service.child.status, { milliseconds: TIMEOUT_MS })).code, 0);
    },
  });
}
