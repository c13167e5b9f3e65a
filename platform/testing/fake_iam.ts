import { AuthService, Session, User, type WhoamiRequest, type WhoamiResponse } from "@rocket/proto/iam";
import { createSessionVerifier } from "../auth/session_verifier.ts";
import type { SessionVerifier } from "../auth/authorize.ts";
import { serviceToken } from "../auth/service_token.ts";
import { readConfig } from "../config/config.ts";
import { ResourceExhausted, Unauthenticated } from "../core/failure.ts";
import { createClient } from "../grpc/client.ts";
import { addUnaryService } from "../grpc/service.ts";
import { FakeGrpcServer } from "./fake_grpc_server.ts";
import { handlersOf } from "./handlers.ts";

/** A session at the fake IAM, and its user. */
export interface FakeSession {
  readonly sessionUuid: string;
  readonly userUuid: string;
}

/** Answers `Whoami`. */
type Whoami = (request: WhoamiRequest) => Promise<WhoamiResponse>;

/** Starts a stand-in for IAM. It knows the sessions that a test opens, unless `whoami` answers otherwise. */
export async function startFakeIam(whoami?: Whoami): Promise<FakeIam> {
  const iam = new FakeIam(whoami);
  await iam.start();
  return iam;
}

/** An IAM that answers only `Whoami`. */
export class FakeIam extends FakeGrpcServer {
  readonly #users = new Map<string, User>();
  #isBusy = false;

  constructor(whoami?: Whoami) {
    super((server, { log }) => {
      const handlers = handlersOf(AuthService, {
        whoami: async (request) => await (whoami?.(request) ?? this.#whoami(request)),
      });
      addUnaryService(server, AuthService, handlers, log);
    });
  }

  /** Opens a session; identifiers that are not given are new. */
  openSession(
    { sessionUuid = crypto.randomUUID(), userUuid = crypto.randomUUID() }: Partial<FakeSession> = {},
  ): FakeSession {
    this.#users.set(sessionUuid, User.create({ uuid: userUuid }));
    return { sessionUuid, userUuid };
  }

  /** Ends a session. */
  endSession(sessionUuid: string): void {
    this.#users.delete(sessionUuid);
  }

  /** Answers `RESOURCE_EXHAUSTED` while the work lasts. */
  async busyWhile<T>(work: () => Promise<T>): Promise<T> {
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
    }
  }

  #whoami({ sessionUuid }: WhoamiRequest): WhoamiResponse {
    if (this.#isBusy) throw new ResourceExhausted("BUSY", "too many requests", 1);
    const user = this.#users.get(sessionUuid);
    if (user === undefined) throw new Unauthenticated();
    return { session: Session.create({ uuid: sessionUuid }), user };
  }
}

/** A verifier that asks the IAM at a target; its client closes with the owner. */
export function verifierAt(target: string, owner: AsyncDisposableStack): SessionVerifier {
  return createSessionVerifier(owner.use(createClient(AuthService, "iam", target)));
}

/** The services' token in tests. */
export const SERVICE_TOKEN = readConfig(
  { serviceToken: serviceToken() },
  (name) => name === "SERVICE_TOKEN" ? "t0ken-of-all-our-services-0123456789" : undefined,
).serviceToken;
