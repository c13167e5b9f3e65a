import type { Server } from "@grpc/grpc-js";
import { AuthService } from "@rocket/proto/iam";
import { type RawClient } from "./raw_client.ts";
import { addUnaryService } from "../grpc/service.ts";
import type { CapturedLog } from "./captured_log.ts";
import { handlersOf } from "./handlers.ts";
import { type GrpcPeer, type GrpcPeerOptions, serveGrpc } from "./grpc_peer.ts";

/** Handles a call of the only method: a text in, a text out. */
export type Say = (text: string) => Promise<string>;

/** A server with one working method, and a client to it. */
export interface EchoPeer extends GrpcPeer {
  readonly client: RawClient<AuthService>;
}

/** Serves `say` as `AuthService.Login`: it receives the login and returns the session UUID. */
export async function serveEcho(
  say: Say,
  options: Omit<GrpcPeerOptions, "addServices"> = {},
): Promise<EchoPeer> {
  const peer = await serveGrpc({ ...options, addServices: addEcho(say) });
  return { ...peer, client: peer.connect(AuthService) };
}

/** The path of the method that `serveEcho` serves. */
export const ECHO_PATH = "/auth.v1.AuthService/Login";

function addEcho(say: Say) {
  return (server: Server, { log }: CapturedLog) =>
    addUnaryService(
      server,
      AuthService,
      handlersOf(AuthService, { login: async ({ login }) => ({ sessionUuid: await say(login) }) }),
      log,
    );
}
