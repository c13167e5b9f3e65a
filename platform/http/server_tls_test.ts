import assert from "node:assert/strict";
import { captureLog } from "../testing/captured_log.ts";
import {
  type Certificate,
  createAuthority,
  HAS_OPENSSL,
  replaceCertificate,
  shownCertificate,
} from "../testing/certificates.ts";
import { eventually } from "../testing/eventually.ts";
import { HALF_BODY, HALF_HEADERS, readToEnd } from "../testing/half_request.ts";
import { watchTlsFiles } from "../tls/tls_files.ts";
import { createHttpDoor } from "./door.ts";
import { type HttpHandler, type HttpLimits, type HttpServer, serveHttp } from "./server.ts";

/** Longer than anything here takes, even on a busy machine. */
const GRACE_MS = 60_000;

const GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

/** A server with TLS, and ways to reach it. */
interface TlsStage extends AsyncDisposable {
  readonly server: HttpServer;
  readonly files: Certificate;
  /** Makes another certificate for the server. */
  reissue(): Promise<Certificate>;
  /** Opens a connection without a handshake. */
  dial(): Promise<Deno.TcpConn>;
  /** Opens a connection and sends the beginning of a request. */
  begin(text: string): Promise<Deno.TlsConn>;
  get(path: string): Promise<string>;
}

async function setStage(handler: HttpHandler, limits: Partial<HttpLimits> = {}): Promise<TlsStage> {
  const owned = new AsyncDisposableStack();
  const authority = owned.use(await createAuthority());
  const reissue = () => authority.issue("DNS:localhost", "IP:127.0.0.1");
  const files = await reissue();
  const tls = owned.use(watchTlsFiles(files, captureLog().log, { intervalMs: 10 }));
  const server = await serveHttp(handler, "127.0.0.1", 0, limits, undefined, tls);
  owned.defer(() => server.shutDown(100));
  const caCerts = [await Deno.readTextFile(files.ca)];
  const at = { hostname: "127.0.0.1", port: server.port };
  const dial = async () => {
    const connection = await Deno.connect(at);
    owned.defer(() => close(connection));
    return connection;
  };
  return {
    server,
    files,
    reissue,
    dial,
    async begin(text) {
      const connection = await Deno.startTls(await dial(), { hostname: "localhost", caCerts });
      owned.defer(() => close(connection));
      await connection.write(new TextEncoder().encode(text));
      return connection;
    },
    async get(path) {
      // A connection of its own for each request.
      using client = Deno.createHttpClient({ caCerts });
      return await (await fetch(`https://localhost:${server.port}${path}`, { client })).text();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A connection that TLS has taken over, or that is closed already, can't be closed again. */
function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `over TLS, ${name}`, ignore: !HAS_OPENSSL, fn });
}

test("a handler sees an https URL and the client's address", async () => {
  await using stage = await setStage(({ url }, { remoteAddress }) => new Response(`${url} ${remoteAddress}`));
  assert.equal(await stage.get("/here"), `https://localhost:${stage.server.port}/here 127.0.0.1`);
});

test("a request without TLS gets no answer", async () => {
  await using stage = await setStage(() => new Response("here"));
  const connection = await stage.dial();
  await connection.write(new TextEncoder().encode(GET));
  assert.doesNotMatch(await readToEnd(connection), /HTTP|here/);
  assert.equal(await stage.get("/"), "here");
});

test("headers and bodies that do not arrive in time are answered with 408, and the connections closed", async () => {
  const limits = { headersMs: 100, requestMs: 200, checkMs: 20 };
  await using stage = await setStage(async (request) => new Response(await request.text()), limits);
  const slow = await Promise.all([HALF_HEADERS, HALF_BODY].map((text) => stage.begin(text)));
  for (const answer of await Promise.all(slow.map(readToEnd))) assert.match(answer, /^HTTP\/1\.1 408 /);
});

test("a request that is not HTTP is answered with 400", async () => {
  await using stage = await setStage(() => new Response("here"));
  assert.match(await readToEnd(await stage.begin("no such thing\r\n\r\n")), /^HTTP\/1\.1 400 /);
});

test("a connection counts from before its handshake, and gives way while it has made no request", async () => {
  const connections = { inAll: 3, perAddress: 3 };
  await using stage = await setStage(() => new Response("here"), { connections });
  const silent = await stage.dial();
  const used = await Promise.all([GET, GET].map((text) => stage.begin(text)));
  for (const connection of used) assert.ok(await connection.read(new Uint8Array(1_000)));

  const third = await stage.begin(GET);
  assert.ok(await third.read(new Uint8Array(1_000)));
  assert.equal(await silent.read(new Uint8Array(1)).catch(() => null), null);

  await assert.rejects(stage.begin(GET));
});

test("a connection on which no handshake ends is closed, and others stay", async () => {
  await using stage = await setStage(() => new Response("here"));
  const used = await stage.begin(GET);
  assert.ok(await used.read(new Uint8Array(1_000)));
  const silent = await stage.dial();
  assert.equal(await silent.read(new Uint8Array(1)).catch(() => null), null);
  await used.write(new TextEncoder().encode(GET));
  assert.ok(await used.read(new Uint8Array(1_000)));
});

test("requests that are sent ahead are answered in turn, and too many end the connection", async () => {
  let answered = 0;
  await using stage = await setStage(() => (answered++, new Response("here")));
  const four = GET.repeat(3) + GET.replace("Host", "Connection: close\r\nHost");
  assert.equal((await readToEnd(await stage.begin(four))).match(/200 OK/g)?.length, 4);
  answered = 0;
  await readToEnd(await stage.begin(GET.repeat(1_000))).catch(() => {});
  assert.ok(answered <= 1, `${answered} were answered`);
});

test("an answer that its client does not read is ended", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  // More than the kernel takes for the client.
  const answer = new Uint8Array(20_000_000);
  await using stage = await setStage(() => (arrive(), new Response(answer)), { silentMs: 200 });
  await stage.begin(GET);
  await arrived;
  const startedAt = performance.now();
  await stage.server.shutDown(GRACE_MS);
  assert.ok(performance.now() - startedAt < GRACE_MS);
});

test("a shutdown finishes requests in progress, and waits for no handshake", async () => {
  const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
  const { promise: work, resolve: finish } = Promise.withResolvers<string>();
  await using stage = await setStage(async () => (arrive(), new Response(await work)));
  await stage.dial();
  const inFlight = stage.get("/");
  await arrived;
  const startedAt = performance.now();
  const stopped = stage.server.shutDown(GRACE_MS);
  finish("done");
  assert.equal(await inFlight, "done");
  await stopped;
  assert.ok(performance.now() - startedAt < GRACE_MS);
});

test("a reopened port keeps its connections and its certificate", async () => {
  await using stage = await setStage(() => new Response("here"));
  const kept = await stage.begin("");
  await stage.server.reopen();
  assert.equal(await stage.get("/"), "here");
  await kept.write(new TextEncoder().encode(GET));
  assert.ok(await kept.read(new Uint8Array(1_000)));
});

test("a new certificate is used for new connections, and no request under load fails", async () => {
  await using stage = await setStage(() => new Response("here"));
  const kept = await stage.begin("");
  let isOver = false;
  const load = Array.from({ length: 4 }, async () => {
    while (!isOver) assert.equal(await stage.get("/"), "here");
  });
  const next = await stage.reissue();
  const shown = await Deno.readTextFile(next.cert);
  await replaceCertificate(stage.files, next);
  await eventually(async () => assert.equal(await shownCertificate(stage.server.port, stage.files), shown));
  isOver = true;
  await Promise.all(load);
  await kept.write(new TextEncoder().encode(GET));
  assert.ok(await kept.read(new Uint8Array(1_000)));
});

test("a door finds that its own port answers", async () => {
  await using owned = new AsyncDisposableStack();
  const { log, lines } = captureLog();
  const files = await owned.use(await createAuthority()).issue("DNS:localhost");
  const tls = owned.use(watchTlsFiles(files, log));
  const handler = () => new Response("here");
  const stopping = new AbortController();
  const door = await createHttpDoor({ log, handler, host: "127.0.0.1", port: 0, tls, stopping }).open();
  owned.defer(() => door.close(GRACE_MS));
  // One failure alone would be tolerated.
  for (let turn = 0; turn < 3; turn++) await door.probe?.();
  assert.deepEqual(lines.filter(({ level }) => level === "error"), []);
});
