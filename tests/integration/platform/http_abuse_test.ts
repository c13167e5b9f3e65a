import assert from "node:assert/strict";
import { startProcess, type TestProcess } from "../../support/process.ts";

const PROGRAM = new URL("programs/http_door.ts", import.meta.url).href;

const HALF_HEADERS = "GET /healthz HTTP/1.1\r\nHost: x\r\nX-";
const HALF_BODY = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{";
const WHOLE = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

Deno.test("SIGTERM does not wait for connections that send nothing, half a request, or no more requests", async () => {
  await using door = await startDoor();
  const sockets = await Promise.all(
    ["", HALF_HEADERS, HALF_BODY, WHOLE].flatMap((text) =>
      Array.from({ length: 75 }, () => open(door.port, text))
    ),
  );
  const startedAt = performance.now();
  door.process.kill("SIGTERM");
  assert.equal((await door.process.waitForExit()).code, 0);
  // A stop may take 60 s for requests in progress.
  assert.ok(performance.now() - startedAt < 50_000);
  for (const socket of sockets) socket.close();
});

Deno.test("an HTTP service that ran out of file descriptors accepts connections again once it has some", async () => {
  await using door = await startDoor({ descriptors: 150 });
  const sockets = await Promise.all(Array.from({ length: 300 }, () => open(door.port, "")));
  // It has some once it has closed connections that were never used.
  await door.process.waitForLine(/"msg":"port accepts no connections; reopening it"/);
  await door.process.waitForLine(/"msg":"stores answer again"/);
  assert.equal((await fetch(`http://127.0.0.1:${door.port}/healthz`)).status, 200);
  for (const socket of sockets) socket.close();
});

/** Starts an HTTP service in a process of its own that may open so many descriptors. */
async function startDoor({ descriptors = 10_000 } = {}) {
  await using starting = new AsyncDisposableStack();
  const flags = "--allow-net --allow-env --allow-sys=hostname,uid --allow-read";
  const script = `ulimit -n ${descriptors} && exec "${Deno.execPath()}" run --quiet ${flags} "${PROGRAM}"`;
  const process: TestProcess = starting.use(startProcess("sh", ["-c", script]));
  const [, port = ""] = await process.waitForLine(/"address":"127\.0\.0\.1:(\d+)"/, 30_000);
  const owned = starting.move();
  return { process, port: Number(port), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Opens a connection and sends the beginning of a request, or nothing. */
async function open(port: number, text: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(text));
  return connection;
}
