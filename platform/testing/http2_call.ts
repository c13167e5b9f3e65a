import { connect, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http2";
import { ECHO_PATH } from "./echo_service.ts";

/** A message without fields, in its frame. */
export const EMPTY_MESSAGE = Uint8Array.of(0, 0, 0, 0, 0);

/**
 * Calls the echo service over plain HTTP/2, for requests that no gRPC client would send.
 *
 * @returns The response's headers and trailers in one object.
 */
export async function callOverHttp2(
  target: string,
  headers: OutgoingHttpHeaders,
  body: Uint8Array = EMPTY_MESSAGE,
): Promise<IncomingHttpHeaders> {
  const session = connect(`http://${target}`);
  const stream = session.request({
    ":method": "POST",
    ":path": ECHO_PATH,
    "content-type": "application/grpc",
    ...headers,
  });
  const received: IncomingHttpHeaders = {};
  stream.on("response", (headers) => Object.assign(received, headers));
  stream.on("trailers", (trailers) => Object.assign(received, trailers));
  stream.resume();
  stream.end(body);
  await new Promise((resolve) => stream.on("close", resolve));
  session.destroy();
  return received;
}
