import type { ServerInterceptingCallInterface } from "@grpc/grpc-js";

/**
 * The DNS names in the certificate that a call's connection was opened with, in lower case; none if there was no
 * certificate. It has been checked in the handshake: without one of the authority there is no connection.
 */
export function peerNames(call: ServerInterceptingCallInterface): readonly string[] {
  const names = call.getAuthContext().sslPeerCertificate?.subjectaltname ?? "";
  return names.split(", ").flatMap((name) => /^DNS:([a-z0-9.-]+)$/i.exec(name)?.[1]?.toLowerCase() ?? []);
}
