/**
 * Measures what the session flow costs, on a system of its own: real PostgreSQL, Redis and services.
 *
 * `deno task bench` prints one line per step: calls a second at 64 in flight, and the median and 99th
 * percentile of one call at a time.
 *
 * @module
 */
import { answerOf } from "@rocket/platform/testing/raw-client";
import { leavePieces } from "../support/books.ts";
import { askOrder, askToPay, httpStatus, placeOrder } from "../support/order_client.ts";
import { join, logIn } from "../support/person.ts";
import { startSystem } from "../support/system.ts";

const IN_FLIGHT = 64;
const SECONDS = 3;

await using system = await startSystem();
await system.seedParts();
const { login, password, sessionUuid } = await join(system);
// More than can be ordered in the time.
const part = await leavePieces(system, 1_000_000);
const { order_uuid } = await placeOrder(system, sessionUuid, [part]);
const { auth } = system;

const steps: Readonly<Record<string, () => Promise<unknown>>> = {
  "Login (Argon2id)": () => logIn(system, login, password),
  "Whoami (1 Redis look-up)": () => answerOf(auth.whoami({ sessionUuid })),
  "read an order (1 Whoami, 1 query)": () =>
    expect(200, askOrder(system, `/api/v1/orders/${order_uuid}`, sessionUuid)),
  "place an order (2 Whoami, ListParts, ReserveParts)": () => placeOrder(system, sessionUuid, [part]),
  "place an order and pay it (9 calls, 8 queries)": async () => {
    const { order_uuid } = await placeOrder(system, sessionUuid, [part]);
    await expect(200, askToPay(system, sessionUuid, order_uuid));
  },
};

for (const [name, step] of Object.entries(steps)) {
  await repeat(step, 1);
  const alone = (await repeat(step, 1)).toSorted((a, b) => a - b);
  const perSecond = (await repeat(step, IN_FLIGHT)).length / SECONDS;
  const at = (share: number) => (alone[Math.floor(alone.length * share)] ?? NaN).toFixed(1).padStart(6);
  print(
    `${name.padEnd(50)} ${perSecond.toFixed(0).padStart(6)} /s   median ${at(0.5)} ms   p99 ${at(0.99)} ms\n`,
  );
}

/** Runs a step over and over for some seconds, so many at a time, and returns how long each took, in milliseconds. */
async function repeat(step: () => Promise<unknown>, inFlight: number): Promise<readonly number[]> {
  const tookMs: number[] = [];
  const end = performance.now() + SECONDS * 1_000;
  await Promise.all(Array.from({ length: inFlight }, async () => {
    while (performance.now() < end) {
      const startedAt = performance.now();
      await step();
      tookMs.push(performance.now() - startedAt);
    }
  }));
  return tookMs;
}

async function expect(status: number, answering: Promise<Response>): Promise<void> {
  const found = await httpStatus(answering);
  if (found !== status) throw new Error(`answered ${found}, not ${status}`);
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
