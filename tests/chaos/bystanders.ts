import { statusOf } from "@rocket/platform/testing/raw-client";
import { eventually } from "@rocket/platform/testing/eventually";
import assert from "node:assert/strict";
import { fetchOrderApi, placeOrder } from "../support/order_client.ts";
import { type Person, registerAndLogIn } from "../support/person.ts";
import { CORE_SERVICES, type System } from "../support/system.ts";
import type { Target } from "./target.ts";

/** What other clients saw. */
export interface Experience {
  readonly requests: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  /** Requests that failed, by what they were and how. */
  readonly failures: ReadonlyMap<string, number>;
}

/** Clients that use the system as usual. */
export interface Bystanders extends AsyncDisposable {
  /** Every request that has ended, the oldest first. */
  readonly requests: readonly { readonly name: string; readonly status: string; readonly tookMs: number }[];
  /** Waits until the system is as it was before an attack. @returns What is not. */
  afterwards(): Promise<readonly string[]>;
}

/** A pause between two requests, in milliseconds. They come at fixed times, however long the answers take. */
const EVERY_MS = 25;

/** Several people share the requests, so that none reaches a limit. */
const PEOPLE = 8;

/** Starts to send a session check, a guarded gRPC call or a read of an order every 25 ms. */
export async function startBystanders(system: System, { partUuid }: Target): Promise<Bystanders> {
  const people: Person[] = [];
  for (let count = 0; count < PEOPLE; count++) people.push(await registerAndLogIn(system));
  const orders = await Promise.all(
    people.map(async ({ sessionUuid }) => (await placeOrder(system, sessionUuid, [partUuid])).order_uuid),
  );
  const kinds: readonly (readonly [string, (n: number) => Promise<string>])[] = [
    ["Whoami", (n) => statusOf(system.auth.whoami({ sessionUuid: sessionOf(n) }))],
    [
      "GetPart",
      (n) => statusOf(system.inventory.getPart({ uuid: partUuid }, { "session-uuid": sessionOf(n) })),
    ],
    ["GET order", async (n) => {
      const answer = await fetchOrderApi(system, `/api/v1/orders/${orders[n % PEOPLE]}`, sessionOf(n));
      await answer.body?.cancel();
      return answer.ok ? "OK" : String(answer.status);
    }],
  ];
  const sessionOf = (n: number) => people[n % PEOPLE]?.sessionUuid ?? "";

  const requests: { name: string; status: string; tookMs: number }[] = [];
  const inFlight = new Set<Promise<void>>();
  let sent = 0;
  const send = async ([name, ask]: (typeof kinds)[number], n: number) => {
    const startedAt = performance.now();
    const status = await ask(n).catch(String);
    requests.push({ name, status, tookMs: performance.now() - startedAt });
  };
  const timer = setInterval(() => {
    const kind = kinds[sent % kinds.length];
    if (kind === undefined) return;
    const sending = send(kind, Math.floor(sent++ / kinds.length));
    inFlight.add(sending);
    void sending.finally(() => inFlight.delete(sending));
  }, EVERY_MS);

  return {
    requests,
    async afterwards() {
      const dead = CORE_SERVICES.filter((name) => !system.process(name).isRunning);
      if (dead.length > 0) return dead.map((name) => `${name} has died`);
      try {
        await eventually(async () => {
          for (const [name, ask] of kinds) assert.equal(await ask(0), "OK", name);
        }, 10_000);
        return [];
      } catch (error) {
        return [`afterwards: ${error}`];
      }
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await Promise.all(inFlight);
    },
  };
}

/** Observes what clients see while work lasts. */
export async function observe(bystanders: Bystanders, work: () => Promise<void>): Promise<Experience> {
  const first = bystanders.requests.length;
  await work();
  const seen = bystanders.requests.slice(first);
  const times = seen.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
  const failures = new Map<string, number>();
  for (const { name, status } of seen) {
    if (status !== "OK") failures.set(`${name} ${status}`, (failures.get(`${name} ${status}`) ?? 0) + 1);
  }
  const at = (fraction: number) => times[Math.floor(times.length * fraction)] ?? NaN;
  return { requests: seen.length, medianMs: at(0.5), p99Ms: at(0.99), failures };
}
