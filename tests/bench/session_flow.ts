/**
 * Measures the cost of the session flow on a separate system: real PostgreSQL, Redis and services.
 *
 * `deno task bench` prints one line per step: calls per second with 64 in flight, and the median and 99th
 * percentile latency of one call at a time.
 *
 * @module
 */
import { answerOf } from "@rocket/platform/testing/raw-client";
import { setStock } from "../support/consistency.ts";
import { fetchOrderApi, httpStatus, placeOrder, postPayment } from "../support/order_client.ts";
import { logIn, type Person, registerAndLogIn } from "../support/person.ts";
import { COSTLY_PASSWORDS, startSystem } from "../support/system.ts";

const IN_FLIGHT = 64;
const SECONDS = 3;

// More than each person orders during the benchmark.
const env = { ...COSTLY_PASSWORDS, ORDER_MAX_UNPAID: "10000", ORDER_MAX_UNPAID_PIECES: "10000" };
await using system = await startSystem({ env });
await system.seedParts();
// A person's many logins end that person's older sessions.
const { login, password } = await registerAndLogIn(system);
const { sessionUuid } = await registerAndLogIn(system);
// More than the benchmark can order.
const part = await setStock(system, 1_000_000);
const { order_uuid } = await placeOrder(system, sessionUuid, [part]);
const { auth } = system;
// One person's orders are inserted one at a time, so several people order in parallel.
const people: Person[] = [];
for (let n = 0; n < IN_FLIGHT; n++) people.push(await registerAndLogIn(system));
let index = 0;
/** The session of each person in turn. */
const nextSession = () => people[index++ % IN_FLIGHT]?.sessionUuid ?? sessionUuid;

const steps: Readonly<Record<string, () => Promise<unknown>>> = {
  "Login (Argon2id)": () => logIn(system, login, password),
  "Whoami (1 Redis look-up)": () => answerOf(auth.whoami({ sessionUuid })),
  "read an order (1 Whoami, 1 query)": () =>
    expect(200, fetchOrderApi(system, `/api/v1/orders/${order_uuid}`, sessionUuid)),
  "place an order (2 Whoami, ListParts, 2 ReserveParts)": () => placeOrder(system, nextSession(), [part]),
  "place an order and pay it (9 calls, 11 queries)": async () => {
    const session = nextSession();
    const { order_uuid } = await placeOrder(system, session, [part]);
    await expect(200, postPayment(system, session, order_uuid));
  },
};

for (const [name, step] of Object.entries(steps)) {
  await repeat(step, 1);
  const sequential = (await repeat(step, 1)).toSorted((a, b) => a - b);
  const perSecond = (await repeat(step, IN_FLIGHT)).length / SECONDS;
  const percentile = (fraction: number) =>
    (sequential[Math.floor(sequential.length * fraction)] ?? NaN).toFixed(1).padStart(6);
  print(
    `${name.padEnd(50)} ${perSecond.toFixed(0).padStart(6)} /s   median ${percentile(0.5)} ms   p99 ${
      percentile(0.99)
    } ms\n`,
  );
}

/** Repeats a step for `SECONDS`, `inFlight` at a time. @returns How long each run took, in milliseconds. */
async function repeat(step: () => Promise<unknown>, inFlight: number): Promise<readonly number[]> {
  const durationsMs: number[] = [];
  const end = performance.now() + SECONDS * 1_000;
  await Promise.all(Array.from({ length: inFlight }, async () => {
    while (performance.now() < end) {
      const startedAt = performance.now();
      await step();
      durationsMs.push(performance.now() - startedAt);
    }
  }));
  return durationsMs;
}

async function expect(expected: number, response: Promise<Response>): Promise<void> {
  const actual = await httpStatus(response);
  if (actual !== expected) throw new Error(`status ${actual} instead of ${expected}`);
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
