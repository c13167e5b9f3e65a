import { Server } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { type AddressInfo, connect as connectTcp, createServer } from "node:net";
import { connect as connectTls } from "node:tls";
import { captureLog } from "../testing/captured_log.ts";
import {
  type Authority,
  type Certificate,
  createAuthority,
  HAS_OPENSSL,
  replaceCertificate,
  shownCertificate,
} from "../testing/certificates.ts";
import { serveEcho } from "../testing/echo_service.ts";
import { eventually } from "../testing/eventually.ts";
import { createRawClient, type RawClient, statusOf } from "../testing/raw_client.ts";
import { type TlsFiles, watchTlsFiles } from "../tls/tls_files.ts";
import { AuthService } from "@rocket/proto/iam";
import type { TlsPaths } from "../core/tls_credentials.ts";
import { createGrpcDoor } from "./door.ts";
import { limitConnections } from "./connection_limits.ts";
import { listenGrpc } from "./server.ts";
import { serverCredentials } from "./tls_credentials.ts";

/** Longer than anything here takes, even on a busy machine. */
const GRACE_MS = 60_000;

/** A server with TLS, and what its clients need. */
interface TlsStage extends AsyncDisposable {
  readonly authority: Authority;
  readonly foreign: Authority;
  /** The server's own files. */
  readonly files: Certificate;
  readonly port: number;
  /** Calls the server as one that has these files, or none. */
  dial(paths: TlsPaths | undefined, host?: string): RawClient<AuthService>;
}

async function setStage({ isMutual = true } = {}): Promise<TlsStage> {
  const owned = new AsyncDisposableStack();
  const { log } = captureLog();
  const watch = (paths: TlsPaths): TlsFiles => owned.use(watchTlsFiles(paths, log, { intervalMs: 10 }));
  const [authority, foreign] = [owned.use(await createAuthority()), owned.use(await createAuthority())];
  const files = await authority.issue("DNS:localhost", "IP:127.0.0.1");
  const { cert, key } = files;
  const peer = owned.use(
    await serveEcho((text) => Promise.resolve(text), { tls: watch(isMutual ? files : { cert, key }) }),
  );
  const port = Number(peer.target.split(":")[1]);
  return {
    authority,
    foreign,
    files,
    port,
    dial: (paths, host = "127.0.0.1") =>
      owned.use(createRawClient(AuthService, `${host}:${port}`, paths && watch(paths))),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function echo(client: RawClient<AuthService>): Promise<string> {
  return statusOf(client.login({ login: "hello", password: "" }));
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !HAS_OPENSSL, fn });
}

test("a client with a certificate of the authority is answered, at the server's name and at its address", async () => {
  await using stage = await setStage();
  const own = await stage.authority.issue("DNS:order");
  for (const host of ["localhost", "127.0.0.1"]) assert.equal(await echo(stage.dial(own, host)), "OK");
});

const REFUSED: Readonly<Record<string, (stage: TlsStage) => Promise<TlsPaths | undefined>>> = {
  "speaks without TLS": () => Promise.resolve(undefined),
  async "has a certificate of another authority"({ foreign, files }) {
    return { ...await foreign.issue("DNS:order"), ca: files.ca };
  },
  async "trusts another authority"({ authority, foreign }) {
    return { ...await authority.issue("DNS:order"), ca: foreign.ca };
  },
};

for (const [what, pathsOf] of Object.entries(REFUSED)) {
  test(`12.1.3, 12.3.2: a client that ${what} gets no answer`, async () => {
    await using stage = await setStage();
    assert.equal(await echo(stage.dial(await pathsOf(stage))), "UNAVAILABLE");
  });
}

test("12.1.3: a client without a certificate is refused in the handshake", async () => {
  await using stage = await setStage();
  const ca = await Deno.readTextFile(stage.files.ca);
  const { promise: refusal, resolve } = Promise.withResolvers<string>();
  const socket = connectTls({ host: "localhost", port: stage.port, ca, ALPNProtocols: ["h2"] });
  socket.on("error", ({ message }) => resolve(message));
  assert.match(await refusal, /CertificateRequired/);
});

test("12.3.2: a server whose certificate has another name gets no call", async () => {
  await using stage = await setStage();
  const own = await stage.authority.issue("DNS:order");
  await replaceCertificate(stage.files, await stage.authority.issue("DNS:inventory", "IP:127.0.0.2"));
  for (const host of ["localhost", "127.0.0.1"]) {
    await eventually(async () => {
      await using client = stage.dial(own, host);
      assert.equal(await echo(client), "UNAVAILABLE");
    });
  }
});

test("without an authority the server takes clients that have no certificate", async () => {
  await using stage = await setStage({ isMutual: false });
  const foreign = await stage.foreign.issue("DNS:order");
  assert.equal(await echo(stage.dial({ ...foreign, ca: stage.files.ca })), "OK");
});

test("a new certificate is used for new connections, and no call under load fails", async () => {
  await using stage = await setStage();
  const own = await stage.authority.issue("DNS:order");
  let isOver = false;
  let answers = 0;
  const load = Array.from({ length: 8 }, async () => {
    const client = stage.dial(own);
    while (!isOver) {
      assert.equal(await echo(client), "OK");
      answers++;
    }
  });
  const newcomers = (async () => {
    while (!isOver) {
      await using client = stage.dial(own);
      assert.equal(await echo(client), "OK");
    }
  })();
  for (let turn = 0; turn < 3; turn++) {
    const next = await stage.authority.issue("DNS:localhost", "IP:127.0.0.1");
    const shown = await Deno.readTextFile(next.cert);
    await replaceCertificate(stage.files, next);
    await eventually(async () => assert.equal(await shownCertificate(stage.port, own), shown));
    const sofar = answers;
    await eventually(() => assert.ok(answers > sofar));
  }
  isOver = true;
  await Promise.all([...load, newcomers]);
});

test("two authorities are trusted while one replaces the other", async () => {
  await using stage = await setStage();
  const [ofOld, ofNew] = [await stage.authority.issue("DNS:order"), await stage.foreign.issue("DNS:order")];
  const both = `${stage.files.ca}.both`;
  const authorities = [stage.authority, stage.foreign].map(({ ca }) => Deno.readTextFileSync(ca));
  await Deno.writeTextFile(both, authorities.join(""));
  await Deno.rename(both, stage.files.ca);
  await eventually(async () => {
    await using client = stage.dial({ ...ofNew, ca: stage.files.ca });
    assert.equal(await echo(client), "OK");
  });
  assert.equal(await echo(stage.dial(ofOld)), "OK");

  await replaceCertificate(stage.files, await stage.foreign.issue("DNS:localhost", "IP:127.0.0.1"));
  await eventually(async () => {
    await using client = stage.dial(ofNew);
    assert.equal(await echo(client), "OK");
  });
  assert.equal(await echo(stage.dial(ofOld)), "OK");
});

test("a server that accepts a connection and stays silent is unavailable", async () => {
  await using stage = await setStage();
  await using owned = new AsyncDisposableStack();
  const silent = createServer((socket) => {
    socket.on("error", () => {});
    owned.defer(() => void socket.destroy());
  });
  owned.defer(() => void silent.close());
  await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
  const { port } = silent.address() as AddressInfo;
  const own = owned.use(watchTlsFiles(await stage.authority.issue("DNS:order"), captureLog().log));
  const client = owned.use(createRawClient(AuthService, `127.0.0.1:${port}`, own));
  assert.equal(await echo(client), "UNAVAILABLE");
});

test("a connection on which no handshake ends is closed, and used ones stay", async () => {
  await using stage = await setStage();
  const client = stage.dial(await stage.authority.issue("DNS:order"));
  assert.equal(await echo(client), "OK");
  const silent = connectTcp(stage.port, "127.0.0.1");
  await new Promise((resolve) => silent.once("close", resolve));
  assert.equal(await echo(client), "OK");
});

test("connections count from before their handshake", async () => {
  await using owned = new AsyncDisposableStack();
  const authority = owned.use(await createAuthority());
  const files = await authority.issue("DNS:localhost");
  const server = new Server();
  owned.defer(() => server.forceShutdown());
  limitConnections(server, { inAll: 2, perAddress: 2 });
  const tls = owned.use(watchTlsFiles(files, captureLog().log));
  const port = await listenGrpc(server, "127.0.0.1", 0, serverCredentials(tls));
  const dial = async () => {
    const socket = connectTcp(port, "127.0.0.1");
    owned.defer(() => void socket.destroy());
    await new Promise((resolve) => socket.once("connect", resolve));
    return socket;
  };
  const first = await dial();
  const firstClosed = new Promise((resolve) => first.once("close", resolve));
  const others = [await dial(), await dial()];
  await firstClosed;
  assert.deepEqual(others.map(({ readyState }) => readyState), ["open", "open"]);
});

test("a door over TLS finds that its own port answers", async () => {
  await using owned = new AsyncDisposableStack();
  const { log, lines } = captureLog();
  const files = await owned.use(await createAuthority()).issue("DNS:localhost");
  const tls = owned.use(watchTlsFiles(files, log));
  const door = await createGrpcDoor({ log, host: "127.0.0.1", port: 0, services: [], tls }).open();
  owned.defer(() => door.close(GRACE_MS));
  // One failure alone would be tolerated.
  for (let turn = 0; turn < 3; turn++) await door.probe?.();
  assert.deepEqual(lines.filter(({ level }) => level === "error"), []);
});
