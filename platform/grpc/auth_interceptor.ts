import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from "@grpc/grpc-js";
import type { Access, Authorize, Credentials } from "../auth/authorize.ts";
import { runWithCaller } from "../auth/caller.ts";
import { SERVICE_TOKEN_KEY, SESSION_UUID_KEY, textValue } from "../auth/metadata.ts";
import type { Logger } from "../log/logger.ts";
import { gateInterceptor } from "./interceptor.ts";
import { peerNames } from "./peer_names.ts";

/** Options of {@linkcode authInterceptor}. */
export interface AuthInterceptorOptions {
  readonly authorize: Authorize;
  /** Who may call which method, by its full path (`/package.Service/Method`); every other method takes a session. */
  readonly access?: Readonly<Record<string, Access>>;
  readonly log: Logger;
}

/** Open on every server: monitoring has no session, and reading a contract needs none. */
const OPEN_TO_ALL: Readonly<Record<string, Access>> = {
  "/grpc.health.v1.Health/Check": "open",
  "/grpc.health.v1.Health/Watch": "open",
  "/grpc.health.v1.Health/List": "open",
  "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo": "open",
  "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": "open",
};

/**
 * Creates the gRPC adapter of `authorize()`: reads metadata `session-uuid` and `service-token`, and, where that
 * says so, the connection's certificate, before any message is read, and runs the call with the caller in its context. A refused call ends with the status of the failure.
 */
export function authInterceptor({ authorize, access = {}, log }: AuthInterceptorOptions): ServerInterceptor {
  const accessByPath = new Map(Object.entries({ ...OPEN_TO_ALL, ...access }));
  return (method, call) => {
    const required = accessByPath.get(method.path) ?? "session";
    if (required === "open") return new ServerInterceptingCall(call);
    const guard = gateInterceptor(async (metadata) => {
      const caller = await authorize(required, readCredentials(metadata, call));
      return (work) => runWithCaller(caller, work);
    }, log);
    return guard(method, call);
  };
}

function readCredentials(metadata: Metadata, call: ServerInterceptingCallInterface): Credentials {
  const hasToken = metadata.get(SERVICE_TOKEN_KEY).length > 0;
  return {
    sessionUuid: textValue(metadata, SESSION_UUID_KEY),
    // A token sent twice is no valid token, rather than none.
    serviceToken: hasToken ? textValue(metadata, SERVICE_TOKEN_KEY) ?? "" : undefined,
    peerNames: () => peerNames(call),
  };
}
