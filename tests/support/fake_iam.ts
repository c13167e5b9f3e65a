import { type ServerUnaryCall, status } from "@grpc/grpc-js";
import { AuthService, Session, User, type WhoamiRequest, type WhoamiResponse } from "@rocket/proto/iam";
import type { AuthServiceServer } from "@rocket/proto/iam";
import { FakeGrpcServer } from "./fake_grpc_server.ts";

/** A session at the fake IAM, and whose it is. */
export interface FakeSession {
  readonly sessionUuid: string;
  readonly userUuid: string;
}

/** Starts a stand-in for IAM that knows the sessions a test opens. */
export async function startFakeIam(): Promise<FakeIam> {
  const iam = new FakeIam();
  await iam.start();
  return iam;
}

/** An IAM that only answers `Whoami`. */
export class FakeIam extends FakeGrpcServer {
  readonly #users = new Map<string, User>();
  #isBusy = false;

  constructor() {
    super((server) => {
      const implementation: AuthServiceServer = {
        login: (_, callback) => callback({ code: status.UNIMPLEMENTED }),
        whoami: (call, callback) => this.#whoami(call, callback),
      };
      server.addService(AuthService, implementation);
    });
  }

  /** Opens a session, of a new user if none is given. */
  openSession(userUuid: string = crypto.randomUUID()): FakeSession {
    const sessionUuid = crypto.randomUUID();
    this.#users.set(sessionUuid, User.create({ uuid: userUuid }));
    return { sessionUuid, userUuid };
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

  #whoami(
    { request }: ServerUnaryCall<WhoamiRequest, WhoamiResponse>,
    callback: Parameters<AuthServiceServer["whoami"]>[1],
  ): void {
    if (this.#isBusy) return callback({ code: status.RESOURCE_EXHAUSTED, details: "too many requests" });
    const user = this.#users.get(request.sessionUuid);
    if (user === undefined) {
      callback({ code: status.UNAUTHENTICATED, details: "a valid session is required" });
    } else callback(null, { session: Session.create({ uuid: request.sessionUuid }), user });
  }
}
