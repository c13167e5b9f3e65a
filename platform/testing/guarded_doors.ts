import { Hono } from "hono";
import { InventoryService, Part } from "@rocket/proto/inventory";
import { type RawClient } from "./raw_client.ts";
import { requireSession } from "../auth/caller.ts";
import { authInterceptor } from "../grpc/auth_interceptor.ts";
import { addHealth } from "../grpc/health.ts";
import { addUnaryService } from "../grpc/service.ts";
import { authMiddleware } from "../http/auth_middleware.ts";
import { httpErrorHandler } from "../http/error_answer.ts";
import { requestMiddleware } from "../http/request_middleware.ts";
import { createAuthorize } from "../auth/authorize.ts";
import { type CapturedLog, captureLog } from "./captured_log.ts";
import { SERVICE_TOKEN, verifierAt } from "./fake_iam.ts";
import { type GrpcPeer, serveGrpc } from "./grpc_peer.ts";
import { handlersOf } from "./handlers.ts";

/** A gRPC and an HTTP door that ask the same IAM; `handle` returns the answer of both. */
export interface GuardedDoors extends AsyncDisposable {
  readonly captured: CapturedLog;
  readonly grpc: GrpcPeer;
  readonly inventory: RawClient<InventoryService>;
  /** Answers `GET /behind`. */
  readonly http: Hono;
  /** How many request messages the gRPC door decoded. */
  readonly decoded: () => number;
}

/** Handles a call at either door; by default it returns the user of the session. */
export type Handle = () => string | Promise<string>;

/** Opens a gRPC service and an HTTP app, both guarded as services guard theirs. */
export async function openGuardedDoors(
  iamTarget: string,
  handle: Handle = () => requireSession().userUuid,
): Promise<GuardedDoors> {
  const owned = new AsyncDisposableStack();
  const captured = captureLog();
  const { log } = captured;
  const authorize = createAuthorize({ verify: verifierAt(iamTarget, owned), serviceToken: SERVICE_TOKEN });

  let decoded = 0;
  const { getPart } = InventoryService;
  const requestDeserialize = (bytes: Buffer) => (decoded++, getPart.requestDeserialize(bytes));
  const definition = { ...InventoryService, getPart: { ...getPart, requestDeserialize } };
  const grpc = owned.use(
    await serveGrpc({
      captured,
      interceptors: [authInterceptor({ authorize, log })],
      addServices: (server) => {
        const handlers = handlersOf(InventoryService, {
          getPart: async () => ({ part: Part.fromPartial({ name: await handle() }) }),
          listParts: () => Promise.resolve({ parts: [] }),
        });
        addUnaryService(server, definition, handlers, log);
        addHealth(server, []).serving();
      },
    }),
  );

  const http = new Hono();
  http.use(requestMiddleware(log));
  http.onError(httpErrorHandler(log));
  http.use(authMiddleware(authorize));
  http.get("/behind", async (c) => c.text(await handle()));

  return {
    captured,
    grpc,
    inventory: grpc.connect(InventoryService),
    http,
    decoded: () => decoded,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
