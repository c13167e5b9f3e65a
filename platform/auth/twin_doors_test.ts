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

/** One case: the identifiers sent, the state of IAM, and the answers of both doors. */
interface Knock {
  readonly name: string;
  readonly identifiers: readonly string[];
  readonly iam?: keyof typeof IAMS;
  readonly grpc: Code;
  readonly http: number;
}

const GOOD = crypto.randomUUID();
const ALSO_GOOD = crypto.randomUUID();
const REFUSED = { grpc: Code.UNAUTHENTICATED, http: 401 } as const;
const LET_IN = { grpc: Code.OK, http: 200 } as const;

const KNOCKS: readonly Knock[] = [
  { name: "no identifier", identifiers: [], ...REFUSED },
  { name: "an empty identifier", identifiers: [""], ...REFUSED },
  { name: "an identifier that is no UUID", identifiers: ["session"], ...REFUSED },
  { name: "a UUID in braces", identifiers: [`{${GOOD}}`], ...REFUSED },
  { name: "a UUID without hyphens", identifiers: [GOOD.replaceAll("-", "")], ...REFUSED },
  { name: "a UUID and more", identifiers: [`${GOOD}0`], ...REFUSED },
  { name: "two identifiers, both good", identifiers: [GOOD, ALSO_GOOD], ...REFUSED },
  { name: "a UUID that IAM does not know", identifiers: [crypto.randomUUID()], ...REFUSED },
  { name: "a good session", identifiers: [GOOD], ...LET_IN },
  { name: "a good session in upper case", identifiers: [GOOD.toUpperCase()], ...LET_IN },
  { name: "no identifier while IAM is down", identifiers: [], iam: "down", ...REFUSED },
  {
    name: "a good session while IAM is down",
    identifiers: [GOOD],
    iam: "down",
    grpc: Code.UNAVAILABLE,
    http: 503,
  },
  {
    name: "a good session while IAM hangs up",
    identifiers: [GOOD],
    iam: "hanging up",
    grpc: Code.UNAVAILABLE,
    http: 503,
  },
  {
    name: "a good session while IAM is silent",
    identifiers: [GOOD],
    iam: "silent",
    grpc: Code.DEADLINE_EXCEEDED,
    http: 504,
  },
  {
    name: "a good session while IAM faults",
    identifiers: [GOOD],
    iam: "faulting",
    grpc: Code.INTERNAL,
    http: 500,
  },
  {
    name: "a good session that IAM knows no user of",
    identifiers: [GOOD],
    iam: "forgetful",
    grpc: Code.INTERNAL,
    http: 500,
  },
  {
    name: "a good session while IAM is overloaded",
    identifiers: [GOOD],
    iam: "overloaded",
    grpc: Code.RESOURCE_EXHAUSTED,
    http: 429,
  },
];

const IAMS = {
  well: async () => {
    const iam = await startFakeIam();
    for (const uuid of [GOOD, ALSO_GOOD]) iam.openSession({ sessionUuid: uuid, userUuid: uuid });
    return iam;
  },
  silent: () => startFakeIam(() => new Promise(() => {})),
  faulting: () => startFakeIam(() => Promise.reject(new Error("a fault of IAM's"))),
  forgetful: () => startFakeIam(() => Promise.resolve({ session: undefined, user: undefined })),
  overloaded: () =>
    startFakeIam(() => Promise.reject(new ResourceExhausted("QUEUE_FULL", "the queue is full", 7))),
  down: () => Promise.resolve({ target: `127.0.0.1:${freePort()}`, [Symbol.asyncDispose]: async () => {} }),
  "hanging up": serveHangUp,
} as const;

for (const { name, identifiers, iam = "well", grpc, http } of KNOCKS) {
  Deno.test(`${name}: gRPC answers ${Code[grpc]}, HTTP ${http}`, async () => {
    await using peer = await IAMS[iam]();
    await using doors = await openGuardedDoors(peer.target);
    const [byGrpc, byHttp] = await Promise.all([
      knockByGrpc(doors, identifiers),
      knockByHttp(doors, identifiers),
    ]);

    assert.equal(Code[byGrpc.code], Code[grpc]);
    assert.equal(byHttp.status, http);
    // The message of a refused call is not read.
    assert.equal(doors.decoded(), grpc === Code.OK ? 1 : 0);
    const { retryAfterSeconds } = readErrorDetails(byGrpc.trailers);
    assert.equal(byHttp.headers.get("Retry-After"), retryAfterSeconds?.toString() ?? null);
    assert.equal(retryAfterSeconds, { 503: 1, 429: 7 }[http]);
    if (grpc === Code.OK) {
      assert.equal(byGrpc.response?.part?.name, GOOD);
      assert.equal(await byHttp.text(), GOOD);
    } else {
      assert.equal((await byHttp.json()).message, byGrpc.details);
    }
    assertNothingLogged(doors, identifiers);
  });
}

/** No identifier, valid or not, is logged. */
function assertNothingLogged({ captured }: GuardedDoors, identifiers: readonly string[]): void {
  for (const identifier of identifiers.filter((text) => text !== "")) {
    assert.ok(!captured.text().toLowerCase().includes(identifier.toLowerCase()));
  }
}

function knockByGrpc({ inventory }: GuardedDoors, identifiers: readonly string[]) {
  const metadata = identifiers.length > 0 ? { [SESSION_UUID_KEY]: identifiers } : {};
  return inventory.getPart({ uuid: "" }, metadata);
}

function knockByHttp({ http }: GuardedDoors, identifiers: readonly string[]) {
  const headers = identifiers.map((identifier): [string, string] => [SESSION_UUID_HEADER, identifier]);
  return http.request("/behind", { headers });
}

/** A server at IAM's address that closes every connection on the first byte. */
async function serveHangUp() {
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
