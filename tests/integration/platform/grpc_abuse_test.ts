import { status as Code } from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { constants } from "node:http2";
import { gzipSync } from "node:zlib";
import {
  type AttackedDoor,
  startAttackedDoor,
  startCall,
  waitForStatus,
} from "../../support/attacked_door.ts";
import { CONNECTION_LIMITS } from "@rocket/platform/core";
import { WORK_LIMITS } from "@rocket/platform/grpc";
import { eventually } from "@rocket/platform/testing/eventually";
import { frameOf } from "../../support/grpc_frame.ts";

/** Peak memory allowed under attack, in MiB; an idle service takes about 100. */
const MAX_MIB = 300;

/** All but the last byte of the largest message. */
const UNFINISHED = frameOf(new Uint8Array(64 * 1024)).subarray(0, -1);

Deno.test("a flood of compression bombs costs little memory, and other calls are served", async () => {
  await using door = await startAttackedDoor();
  const session = door.connect();
  const bomb = frameOf(gzipSync(Buffer.alloc(1024 * 1024, Buffer.from([0x78, 1]))), { flag: 1 });
  const endings = Array.from({ length: 300 }, () => {
    const stream = startCall(session, { "grpc-encoding": "gzip" });
    const ending = waitForStatus(stream);
    stream.end(bomb);
    return ending;
  });
  await door.call();
  assert.deepEqual(new Set(await Promise.all(endings)), new Set([String(Code.UNIMPLEMENTED)]));
  await assertUnharmed(door);
});

Deno.test("SIGTERM does not wait for messages that never end, and their callers may retry elsewhere", async () => {
  await using door = await startAttackedDoor();
  const session = door.connect();
  const streams = Array.from({ length: 100 }, () => startCall(session));
  const endings = streams.map(waitForStatus);
  for (const stream of streams) stream.write(UNFINISHED);
  // It is sent on the same connection, after the others.
  assert.equal(await waitForStatus(startCall(session).end(frameOf(new Uint8Array()))), String(Code.OK));
  door.process.kill("SIGTERM");
  assert.deepEqual(
    new Set(await Promise.all(endings)),
    new Set([`RST_STREAM ${constants.NGHTTP2_REFUSED_STREAM}`]),
  );
  assert.equal((await door.process.waitForExit()).code, 0);
});

Deno.test("a flood of pings closes its connection, and not one that is silent", async () => {
  await using door = await startAttackedDoor();
  using silent = await Deno.connect({ hostname: "127.0.0.1", port: door.port });
  const { promise: silentEnded, resolve } = Promise.withResolvers<string>();
  readToEnd(silent).then(() => resolve("silent"));
  using flooding = await Deno.connect({ hostname: "127.0.0.1", port: door.port });
  const ended = readToEnd(flooding).then(() => "flooding");
  await flooding.write(Buffer.concat([PREFACE, ...Array(4 * WORK_LIMITS.controlFrames).fill(PING)]));
  assert.equal(await Promise.race([ended, silentEnded]), "flooding");
  await assertUnharmed(door);
});

/** The start of a connection, with empty settings, and a ping (RFC 9113, 3.4, 6.5 and 6.7). */
const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", "latin1");
const PING = Buffer.from("\0\0\x08\x06\0\0\0\0\0pingpong", "latin1");

async function readToEnd(connection: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(1_024);
  try {
    while (await connection.read(buffer) !== null);
  } catch {
    // The server resets the connection, or the test closes it.
  }
}

Deno.test("SIGTERM does not wait for clients that keep their connections open, used or not", async () => {
  await using door = await startAttackedDoor();
  await using sockets = new AsyncDisposableStack();
  for (const sent of [Buffer.alloc(0), PREFACE, Buffer.concat([PREFACE, REQUEST])]) {
    const socket = sockets.use(await Deno.connect({ hostname: "127.0.0.1", port: door.port }));
    await socket.write(sent);
  }
  await door.call();
  door.process.kill("SIGTERM");
  assert.equal((await door.process.waitForExit()).code, 0);
});

/** Headers of `POST http://x/`, the whole request (RFC 9113, 6.2, and RFC 7541, A). */
const REQUEST = Buffer.from("\0\0\x06\x01\x05\0\0\0\x01\x83\x86\x84\x41\x01x", "latin1");

/** Tests that mostly wait for the server's deadlines, each with a server of its own: they run side by side. */
const WAITING: Readonly<Record<string, () => Promise<void>>> = {
  async "a call whose message never ends is ended at the default deadline"() {
    await using door = await startAttackedDoor();
    const session = door.connect();
    const endings = Array.from({ length: 100 }, () => {
      const stream = startCall(session);
      stream.write(UNFINISHED);
      return waitForStatus(stream);
    });
    assert.deepEqual(new Set(await Promise.all(endings)), new Set([String(Code.DEADLINE_EXCEEDED)]));
    await assertUnharmed(door);
  },

  async "thousands of messages that never end hold little memory, and the oldest give way to other calls"() {
    await using door = await startAttackedDoor();
    const endings = [1, 2, 3, 4].flatMap(() => {
      const session = door.connect();
      return Array.from({ length: 500 }, () => {
        const stream = startCall(session);
        stream.write(UNFINISHED);
        return waitForStatus(stream);
      });
    });
    await door.call();
    const ended = await Promise.all(endings);
    assert.ok(ended.includes(`RST_STREAM ${constants.NGHTTP2_ENHANCE_YOUR_CALM}`));
    await assertUnharmed(door);
  },

  async "a message sent byte by byte holds no more memory than one sent at once"() {
    await using door = await startAttackedDoor();
    const session = door.connect();
    const streams = Array.from({ length: 50 }, () => startCall(session));
    const endings = streams.map(waitForStatus);
    for (const stream of streams) {
      for (const byte of UNFINISHED.subarray(0, 8_000)) stream.write(Uint8Array.of(byte));
    }
    await door.call();
    await Promise.all(endings);
    await assertUnharmed(door);
  },

  async "a call whose answer is never read ends all the same"() {
    await using door = await startAttackedDoor();
    const session = door.connect({ initialWindowSize: 0 });
    const endings = Array.from({ length: 100 }, () => {
      const stream = startCall(session).end(frameOf(new Uint8Array()));
      return new Promise((resolve) => stream.on("close", () => resolve(stream.rstCode)));
    });
    await door.call();
    assert.deepEqual(new Set(await Promise.all(endings)), new Set([constants.NGHTTP2_CANCEL]));
    await assertUnharmed(door);
  },

  async "thousands of idle connections leave room for other callers, and are eventually closed"() {
    await using door = await startAttackedDoor();
    await using sockets = new AsyncDisposableStack();
    const { perAddress } = CONNECTION_LIMITS;
    const before = await door.descriptors();
    await Promise.all(Array.from({ length: perAddress + 500 }, async () => {
      sockets.use(await Deno.connect({ hostname: "127.0.0.1", port: door.port }));
    }));
    await eventually(async () => assert.ok(await door.descriptors() > perAddress));
    await door.call();
    // A connection may give way to those that are still being accepted before its first call arrives.
    await eventually(async () => {
      const another = waitForStatus(startCall(door.connect()).end(frameOf(new Uint8Array())));
      assert.equal(await another, String(Code.OK));
    });
    assert.ok(await door.descriptors() < perAddress + 200);
    await eventually(async () => assert.ok(await door.descriptors() < before + 50));
    await assertUnharmed(door);
  },

  async "a service that is out of file descriptors is not ready, and accepts connections again once it has some"() {
    await using door = await startAttackedDoor({ descriptors: 150 });
    {
      await using sockets = new AsyncDisposableStack();
      for (let n = 0; n < 300; n++) {
        sockets.use(await Deno.connect({ hostname: "127.0.0.1", port: door.port }));
      }
      await door.process.waitForLine(/"level":"warn".*"down":"127\.0\.0\.1:\d+".*Too many open files/);
    }
    await door.process.waitForLine(/"msg":"stores answer again"/, 30_000);
    const session = door.connect();
    assert.equal(await waitForStatus(startCall(session).end(frameOf(new Uint8Array()))), String(Code.OK));
  },
};

Deno.test("a gRPC door outlasts those who keep it waiting", async (t) => {
  // Deno can't tell the resources of steps that run at the same time apart; the test as a whole is still checked.
  const together = { sanitizeExit: false, sanitizeOps: false, sanitizeResources: false };
  await Promise.all(Object.entries(WAITING).map(([name, fn]) => t.step({ name, fn, ...together })));
});

async function assertUnharmed(door: AttackedDoor): Promise<void> {
  await door.call();
  const mib = await door.peakMib();
  assert.ok(mib < MAX_MIB, `the process took ${Math.round(mib)} MiB`);
}
