import assert from "node:assert/strict";
import { freePort } from "@rocket/platform/free-port";
import { eventually } from "@rocket/platform/testing/eventually";
import pTimeout from "p-timeout";

const PROGRAM = new URL("programs/service.ts", import.meta.url).pathname;

/** Starts a small service whose log is not taken. */
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
      // It has ended, if the test has passed.
      if (await Promise.race([child.status, false]) === false) child.kill("SIGKILL");
      await child.status;
      await child.stdout.cancel();
    },
  };
}

/** How long an answer or the exit may take on a busy machine, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Enough lines for a pipe's 64 KiB, many times over. */
const REQUESTS = 3_000;

for (
  const [where, redirection] of [
    ["goes to a reader that never reads", ""],
    ["fills a disk that is full", ">/dev/full"],
  ] as const
) {
  Deno.test({
    name: `a service whose log ${where} answers every request and stops cleanly`,
    ignore: Deno.build.os !== "linux",
    async fn() {
      await using service = startUnread(redirection);
      const path = `${service.url}/${"x".repeat(500)}`;
      const ask = async () => {
        const answer = await fetch(path, { signal: AbortSignal.timeout(PATIENCE_MS) });
        assert.equal(await answer.text(), "done");
      };
      await eventually(ask, PATIENCE_MS);
      for (let asked = 0; asked < REQUESTS; asked += 100) {
        await Promise.all(Array.from({ length: 100 }, ask));
      }
      service.child.kill("SIGTERM");
      assert.equal((await pTimeout(service.child.status, { milliseconds: PATIENCE_MS })).code, 0);
    },
  });
}
