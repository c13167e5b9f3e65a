import assert from "node:assert/strict";
import { createServer, type Socket } from "node:net";
import { status as Code } from "@grpc/grpc-js";
import { SESSION_UUID_KEY } from "./metadata.ts";
import { readErrorDetails } from "../grpc/status_details.ts";
import { ResourceExhausted } from "../core/failure.ts";
import { SESSION_UUID_HEADER } from "../http/auth_middleware.ts";
import { startFakeIam } from "../testing/fake_iam.ts";
import { freePort } from "../core/free_port.ts";
import { type GuardedDoors, openGuardedDoors } from "../testing/guarded_doors.ts";

/** The identifiers sent, the state of IAM, and the answers over gRPC and HTTP. */
interface Case {
  readonly name: string;
  readonly identifiers: readonly string[];
  readonly iam?: keyof typeof IAMS;
  readonly grpc: Code;
  readonly http: number;
}

const VALID = crypto.randomUUID();
const ALSO_VALID = crypto.randomUUID();
const REFUSED = { grpc: Code.UNAUTHENTICATED, http: 401 } as const;
const ACCEPTED = { grpc: Code.OK, http: 200 } as const;

const CASES: readonly Case[] = [
  { name: "no identifier", identifiers: [], ...REFUSED },
  { name: "an empty identifier", identifiers: [""], ...REFUSED },
  { name: "an identifier that is not a UUID", identifiers: ["session"], ...REFUSED },
  { name: "a UUID in braces", identifiers: [`{${VALID}}`], ...REFUSED },
  { name: "a UUID without hyphens", identifiers: [VALID.replaceAll("-", "")], ...REFUSED },
  { name: "a UUID with an extra digit", identifiers: [`${VALID}0`], ...REFUSED },
  { name: "two identifiers, both valid", identifiers: [VALID, ALSO_VALID], ...REFUSED },
  { name: "a UUID that IAM does not know", identifiers: [crypto.randomUUID()], ...REFUSED },
  { name: "a valid session", identifiers: [VALID], ...ACCEPTED },
  { name: "a valid session in upper case", identifiers: [VALID.toUpperCase()], ...ACCEPTED },
  { name: "no identifier while IAM is down", identifiers: [], iam: "down", ...REFUSED },
  {
    name: "a valid session while IAM is down",
    identifiers: [VALID],
    iam: "down",
    grpc: Code.UNAVAILABLE,
    http: 503,
  },
  {
    name: "a valid session while IAM closes every connection",
    identifiers: [VALID],
    iam: "closing connections",
    grpc: Code.UNAVAILABLE,
    http: 503,
  },
  {
    name: "a valid session while IAM is silent",
    identifiers: [VALID],
    iam: "silent",
    grpc: Code.DEADLINE_EXCEEDED,
    http: 504,
  },
  {
    name: "a valid session while IAM fails",
    identifiers: [VALID],
    iam: "failing",
    grpc: Code.INTERNAL,
    http: 500,
  },
  {
    name: "a valid session for which IAM returns no user",
    identifiers: [VALID],
    iam: "without a user",
    grpc: Code.INTERNAL,
    http: 500,
  },
  {
    name: "a valid session while IAM is overloaded",
    identifiers: [VALID],
    iam: "overloaded",
    grpc: Code.RESOURCE_EXHAUSTED,
    http: 429,
  },
];

const IAMS = {
  up: async () => {
    const iam = await startFakeIam();
    for (const uuid of [VALID, ALSO_VALID]) iam.openSession({ sessionUuid: uuid, userUuid: uuid });
    return iam;
  },
  silent: () => startFakeIam(() => new Promise(() => {})),
  failing: () => startFakeIam(() => Promise.reject(new Error("a bug of IAM's"))),
  "without a user": () => startFakeIam(() => Promise.resolve({ session: undefined, user: undefined })),
  overloaded: () =>
    startFakeIam(() => Promise.reject(new ResourceExhausted("QUEUE_FULL", "the queue is full", 7))),
  down: () => Promise.resolve({ target: `127.0.0.1:${freePort()}`, [Symbol.asyncDispose]: async () => {} }),
  "closing connections": serveClosedConnections,
} as const;

for (const { name, identifiers, iam = "up", grpc, http } of CASES) {
  Deno.test(`${name}: gRPC answers ${Code[grpc]}, HTTP ${http}`, async () => {
    await using peer = await IAMS[iam]();
    await using doors = await openGuardedDoors(peer.target);
    const [grpcAnswer, httpAnswer] = await Promise.all([
      callGrpc(doors, identifiers),
      callHttp(doors, identifiers),
    ]);

    assert.equal(Code[grpcAnswer.code], Code[grpc]);
    assert.equal(httpAnswer.status, http);
    // The message of a refused call is not decoded.
    assert.equal(doors.decoded(), grpc === Code.OK ? 1 : 0);
    const { retryAfterSeconds } = readErrorDetails(grpcAnswer.trailers);
    assert.equal(httpAnswer.headers.get("Retry-After"), retryAfterSeconds?.toString() ?? null);
    assert.equal(retryAfterSeconds, { 503: 1, 429: 7 }[http]);
    if (grpc === Code.OK) {
      assert.equal(grpcAnswer.response?.part?.name, VALID);
      assert.equal(await httpAnswer.text(), VALID);
    } else {
      assert.equal((await httpAnswer.json()).message, grpcAnswer.details);
    }
    assertNotLogged(doors, identifiers);
  });
}

/** Checks that no identifier, valid or not, is logged. */
function assertNotLogged({ captured }: GuardedDoors, identifiers: readonly string[]): void {
  for (const identifier of identifiers.filter((text) => text !== "")) {
    assert.ok(!captured.text().toLowerCase().includes(identifier.toLowerCase()));
  }
}

function callGrpc({ inventory }: GuardedDoors, identifiers: readonly string[]) {
  const metadata = identifiers.length > 0 ? { [SESSION_UUID_KEY]: identifiers } : {};
  return inventory.getPart({ uuid: "" }, metadata);
}

function callHttp({ http }: GuardedDoors, identifiers: readonly string[]) {
  const headers = identifiers.map((identifier): [string, string] => [SESSION_UUID_HEADER, identifier]);
  return http.request("/behind", { headers });
}

/** Serves at IAM's address, and closes every connection on its first byte. */
async function serveClosedConnections() {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {}).once("data", () => socket.destroy());
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", resolve);
  await promise;
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  return {
    target: `127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
