import { call, open } from "./grpc_attacks.ts";
import { type AttackResult, inWords, pause } from "./pace.ts";
import type { Target } from "./target.ts";
import { frameOf } from "../support/grpc_frame.ts";

/** Enough calls at the same time to keep a service busy, and few enough that none is refused. */
const BUSY = 48;

/** How long capacity is measured, in milliseconds. */
const MEASURED_MS = 2_000;

/** How long calls come faster than they can be answered; they count once what may be a burst has ended. */
const OVERLOAD_MS = 6_000;
const BURST_OVER_MS = 2_000;

/** How many times its capacity a service is asked for. */
const FACTOR = 3;

/** What must be served under overload, as a share of capacity, and how fast the rest must be refused. */
const MIN_SERVED = 0.8;
const MAX_REFUSAL_MS = 50;

const OK = "0";
const UNAVAILABLE = "14";

interface Answer {
  readonly status: string;
  readonly askedAt: number;
  readonly tookMs: number;
}

/** Reads from inventory at three times the rate that it can answer, whatever is answered. */
export async function tooManyReads({ inventoryPort, attacker }: Target): Promise<AttackResult> {
  using sessions = new DisposableStack();
  const clients = Array.from({ length: 4 }, () => sessions.use(open(inventoryPort)).client);
  const headers = { "session-uuid": attacker.sessionUuid };
  const body = frameOf(new Uint8Array());
  let count = 0;
  const ask = async (): Promise<Answer> => {
    const askedAt = performance.now();
    const [client = clients[0]] = clients.slice(count++ % clients.length);
    if (client === undefined) throw new Error("no connection");
    const status = await call(client, "/inventory.v1.InventoryService/ListParts", body, headers);
    return { status, askedAt, tookMs: performance.now() - askedAt };
  };

  const capacity = await capacityOf(ask);
  const startedAt = performance.now();
  const answers = await askAtRate(capacity * FACTOR, ask);
  const counted = answers.filter(({ askedAt }) => askedAt - startedAt > BURST_OVER_MS);
  const served = counted.filter(({ status }) => status === OK).length * 1_000 /
    (OVERLOAD_MS - BURST_OVER_MS);
  const refusals = counted.filter(({ status }) => status === UNAVAILABLE).map(({ tookMs }) => tookMs)
    .toSorted((a, b) => a - b);
  const refusedWithinMs = refusals[Math.floor(refusals.length * 0.99)] ?? 0;
  const statuses = Map.groupBy(counted, ({ status }) => status);
  return {
    outcome: `${served.toFixed(0)} of ${capacity.toFixed(0)} /s were served, 99 % of the refused within ` +
      `${refusedWithinMs.toFixed(0)} ms (${
        inWords(new Map([...statuses].map(([status, { length }]) => [status, length])))
      })`,
    faults: [
      ...(served < capacity * MIN_SERVED ? ["too few were served"] : []),
      ...(refusedWithinMs > MAX_REFUSAL_MS ? ["refusals took too long"] : []),
    ],
    excused: ["GetPart UNAVAILABLE"],
  };
}

/** Measures how many calls a second are answered if the next is made as soon as one is. */
async function capacityOf(ask: () => Promise<Answer>): Promise<number> {
  let served = 0;
  const end = performance.now() + MEASURED_MS;
  await Promise.all(Array.from({ length: BUSY }, async () => {
    while (performance.now() < end) if ((await ask()).status === OK) served++;
  }));
  return served * 1_000 / MEASURED_MS;
}

/** Asks at a fixed rate, also if nothing is answered. */
async function askAtRate(perSecond: number, ask: () => Promise<Answer>): Promise<readonly Answer[]> {
  const startedAt = performance.now();
  const asked: Promise<Answer>[] = [];
  for (let now = startedAt; now < startedAt + OVERLOAD_MS; now = performance.now()) {
    while (asked.length < (now - startedAt) * perSecond / 1_000) asked.push(ask());
    await pause(5);
  }
  return await Promise.all(asked);
}
