import { status as Code } from "@grpc/grpc-js";
import { InventoryService } from "@rocket/proto/inventory";
import assert from "node:assert/strict";
import { createAuthorize } from "../auth/authorize.ts";
import { requireCaller } from "../auth/caller.ts";
import { captureLog } from "../testing/captured_log.ts";
import { SERVICE_TOKEN, startFakeIam, verifierAt } from "../testing/fake_iam.ts";
import { serveGrpc } from "../testing/grpc_peer.ts";
import { handlersOf } from "../testing/handlers.ts";
import { authInterceptor } from "./auth_interceptor.ts";
import { SERVICE_TOKEN_KEY, SESSION_UUID_KEY } from "../auth/metadata.ts";
import { addUnaryService } from "./service.ts";
import { readErrorDetails } from "./status_details.ts";

const TOKEN: string = SERVICE_TOKEN.value.sent;

const sessionUuid = crypto.randomUUID();
const session = { [SESSION_UUID_KEY]: sessionUuid };
const unknownSession = { [SESSION_UUID_KEY]: crypto.randomUUID() };
const service = { [SERVICE_TOKEN_KEY]: TOKEN };
const wrongToken = { [SERVICE_TOKEN_KEY]: TOKEN.replace("t0ken", "token") };

const { OK, UNAUTHENTICATED, PERMISSION_DENIED } = Code;

const TABLE = [
  ["reserveParts", "service", {}, UNAUTHENTICATED],
  ["reserveParts", "service", unknownSession, UNAUTHENTICATED],
  ["reserveParts", "service", session, PERMISSION_DENIED],
  ["reserveParts", "service", service, OK],
  ["reserveParts", "service", wrongToken, UNAUTHENTICATED],
  ["reserveParts", "service", { ...wrongToken, ...session }, UNAUTHENTICATED],
  ["reserveParts", "service", { [SERVICE_TOKEN_KEY]: "" }, UNAUTHENTICATED],
  ["reserveParts", "service", { [SERVICE_TOKEN_KEY]: [TOKEN, TOKEN] }, UNAUTHENTICATED],
  ["commitParts", "session or service", {}, UNAUTHENTICATED],
  ["commitParts", "session or service", unknownSession, UNAUTHENTICATED],
  ["commitParts", "session or service", session, OK],
  ["commitParts", "session or service", service, OK],
  ["commitParts", "session or service", { ...wrongToken, ...session }, UNAUTHENTICATED],
  ["listParts", "session", service, UNAUTHENTICATED],
  ["listParts", "session", { ...service, ...session }, OK],
] as const;

/** Serves methods with each kind of access, and records the caller of each call that was allowed. */
async function serveGuarded() {
  const owned = new AsyncDisposableStack();
  const iam = owned.use(await startFakeIam());
  iam.openSession({ sessionUuid });
  const captured = captureLog();
  const seen: string[] = [];
  const recordCaller = <Response>(response: Response) => () => {
    seen.push(requireCaller().kind);
    return Promise.resolve(response);
  };
  const auth = authInterceptor({
    authorize: createAuthorize({ verify: verifierAt(iam.target, owned), serviceToken: SERVICE_TOKEN }),
    access: {
      "/inventory.v1.InventoryService/ReserveParts": "service",
      "/inventory.v1.InventoryService/CommitParts": "session or service",
    },
    log: captured.log,
  });
  const handlers = handlersOf(InventoryService, {
    listParts: recordCaller({ parts: [] }),
    reserveParts: recordCaller({ expiresAt: undefined }),
    commitParts: recordCaller({}),
  });
  const peer = owned.use(
    await serveGrpc({
      captured,
      interceptors: [auth],
      addServices: (server, { log }) => addUnaryService(server, InventoryService, handlers, log),
    }),
  );
  return {
    seen,
    captured,
    inventory: peer.connect(InventoryService),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

Deno.test("a method accepts exactly the callers that its access allows", async (t) => {
  await using guarded = await serveGuarded();
  const { inventory, seen } = guarded;
  const calls = {
    listParts: (metadata: object) => inventory.listParts({ filter: undefined }, { ...metadata }),
    reserveParts: (metadata: object) =>
      inventory.reserveParts({ orderUuid: "", items: [], ttl: undefined }, {
        ...metadata,
      }),
    commitParts: (metadata: object) => inventory.commitParts({ orderUuid: "" }, { ...metadata }),
  };
  for (const [method, access, metadata, expected] of TABLE) {
    const sent = Object.entries(metadata).map(([key, value]) => `${key}=${value}`).join(" ") || "no metadata";
    await t.step(`for ${access}, with ${sent}: ${Code[expected]}`, async () => {
      seen.length = 0;
      const { code } = await calls[method](metadata);
      assert.equal(Code[code], Code[expected]);
      const caller = SERVICE_TOKEN_KEY in metadata && access !== "session" ? "service" : "session";
      assert.deepEqual(seen, expected === OK ? [caller] : []);
    });
  }
});

Deno.test("a refusal carries a stable reason, and the token is never logged", async () => {
  await using guarded = await serveGuarded();
  const { inventory, captured } = guarded;
  const reasonOf = async (metadata: Record<string, string>) => {
    const { trailers } = await inventory.commitParts({ orderUuid: "" }, metadata);
    return readErrorDetails(trailers).info?.reason;
  };
  assert.equal(await reasonOf(wrongToken), "SERVICE_TOKEN_INVALID");
  assert.equal(await reasonOf({}), "SESSION_INVALID");
  await reasonOf(service);
  assert.ok(!captured.text().includes(TOKEN.slice(5)));
});
