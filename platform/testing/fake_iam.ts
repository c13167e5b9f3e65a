import { AuthService, type WhoamiRequest, WhoamiResponse } from "@rocket/proto/iam";
import { createSessionVerifier } from "../auth/session_verifier.ts";
import type { SessionVerifier } from "../auth/authorize.ts";
import { serviceToken } from "../auth/service_token.ts";
import { readConfig } from "../config/config.ts";
import { Unauthenticated } from "../core/failure.ts";
import { createClient } from "../grpc/client.ts";
import { addUnaryService } from "../grpc/service.ts";
import { type GrpcPeer, serveGrpc } from "./grpc_peer.ts";

/** A session that the fake IAM knows, of the user with the same UUID. */
export function sessionNumber(number: number): string {
  return `00000000-0000-4000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** Serves a stand-in for IAM on a free port; by default it knows the sessions that `sessionNumber` gives. */
export function serveIam(
  whoami: (request: WhoamiRequest) => Promise<WhoamiResponse> = knowNumbered,
): Promise<GrpcPeer> {
  return serveGrpc({
    addServices: (server, { log }) => {
      const handlers = { whoami, login: () => Promise.reject(new Error("unexpected login")) };
      addUnaryService(server, AuthService, handlers, log);
    },
  });
}

/** A verifier that asks the IAM at a target; its client closes with the owner. */
export function verifierAt(target: string, owner: AsyncDisposableStack): SessionVerifier {
  return createSessionVerifier(owner.use(createClient(AuthService, "iam", target)));
}

/** The services' token in tests. */
export const SERVICE_TOKEN = readConfig(
  { serviceToken: serviceToken() },
  () => "t0ken-of-all-our-services-0123456789",
).serviceToken;

function knowNumbered({ sessionUuid }: WhoamiRequest): Promise<WhoamiResponse> {
  if (!sessionUuid.startsWith("00000000-0000-4000-8000-")) return Promise.reject(new Unauthenticated());
  return Promise.resolve(
    WhoamiResponse.fromPartial({ session: { uuid: sessionUuid }, user: { uuid: sessionUuid } }),
  );
}
