// Below the range that kernels hand to outgoing connections (32768 up on Linux, 49152 up elsewhere): nothing
// takes a port while its server is stopped, so the server can come back to it.
const LOWEST_PORT = 15_000;
const PORTS_PER_SLOT = 60;
const SLOTS = 250;

/** The port that the program with the first slot listens on, to hold it; the second slot has the next port. */
const LOWEST_SLOT = LOWEST_PORT - SLOTS;

/**
 * A share of the ports that no other program or worker picks from. Without it, two could pick the same port before
 * either listens. It is held until this program or worker ends.
 */
const slot = takeSlot();
let picks = 0;

/**
 * A TCP port of 127.0.0.1 on which nothing listens at this moment, and which no other program that calls this
 * function gets.
 *
 * @throws {Error} if every port of the share is in use.
 */
export function freePort(): number {
  for (let tries = 0; tries < PORTS_PER_SLOT; tries++) {
    const port = LOWEST_PORT + slot * PORTS_PER_SLOT + picks++ % PORTS_PER_SLOT;
    if (listenAt(port)) return port;
  }
  throw new Error(`all ${PORTS_PER_SLOT} ports of the share are in use`);
}

function takeSlot(): number {
  for (let slot = 0; slot < SLOTS; slot++) {
    if (listenAt(LOWEST_SLOT + slot, { hold: true })) return slot;
  }
  throw new Error(`all ${SLOTS} shares of free ports are taken`);
}

/** Whether a port can be listened on. */
function listenAt(port: number, { hold = false } = {}): boolean {
  try {
    const listener = Deno.listen({ hostname: "127.0.0.1", port });
    if (!hold) listener.close();
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    return false;
  }
}
