/** Connections that an attack holds. */
export interface Sockets extends Disposable {
  /** How many could be opened. */
  readonly opened: number;
  /** How many of them the other side has closed. */
  closed(): number;
}

/** Opens a connection to each of the ports, and sends some bytes on it. */
export async function openSockets(ports: readonly number[], bytes?: Uint8Array): Promise<Sockets> {
  const open = new Set<Deno.TcpConn>();
  let opened = 0;
  let closed = 0;
  // Refused connections are part of what is measured.
  await Promise.allSettled(ports.map(async (port) => {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    opened++;
    open.add(connection);
    if (bytes !== undefined) await connection.write(bytes);
    void readToEnd(connection).then(() => closed++);
  }));
  return {
    opened,
    closed: () => closed,
    [Symbol.dispose]() {
      for (const connection of open) connection.close();
    },
  };
}

async function readToEnd(connection: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(4_096);
  try {
    while (await connection.read(buffer) !== null) { /* Whatever is answered is of no interest. */ }
  } catch {
    // Reset by the other side, or closed at the end of the attack.
  }
}
