/** The beginning of a request, up to the middle of its headers. */
export const HALF_HEADERS = "GET / HTTP/1.1\r\nHost: x\r\nX-";

/** The beginning of a request, up to the middle of its body. */
export const HALF_BODY = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{";

/** Opens a connection to this machine and sends the beginning of a request, or nothing. */
export async function beginRequest(port: number, text: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(text));
  return connection;
}

/** Reads until the server closes the connection. */
export async function readToEnd(connection: Deno.Conn): Promise<string> {
  return await new Response(connection.readable).text();
}
