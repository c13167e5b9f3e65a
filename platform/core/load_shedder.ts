import { Failure } from "./failure.ts";

/** What a request mostly costs. Each kind has places of its own, so that one in excess takes nothing from the others. */
export type WorkKind = "session check" | "read" | "write" | "hash";

/** How many requests of a kind are worked on at the same time, and how many more may wait for that. */
export interface LoadLimit {
  readonly inFlight: number;
  readonly waiting: number;
}

/** The places of every kind. */
export type LoadLimits = Readonly<Record<WorkKind, LoadLimit>>;

/**
 * The places of a process. It has one thread: requests in flight beyond those that keep it busy only wait for each other,
 * and delay the refusals. Too few don't keep it busy, as it reads many requests at a time. Session checks are the
 * cheapest, and every other request needs one; writes mostly wait for PostgreSQL. Hashes are computed by other threads,
 * and their own queue is the closer limit.
 */
export const LOAD_LIMITS: LoadLimits = {
  "session check": { inFlight: 256, waiting: 256 },
  read: { inFlight: 64, waiting: 256 },
  write: { inFlight: 128, waiting: 256 },
  hash: { inFlight: 1_000, waiting: 0 },
};

/** How long requests may wait without a pause until that is overload and no longer a burst, in milliseconds. */
export const BURST_MS = 1_000;

/** The process has more to do than it can. Nothing was done for the request. */
export class Overloaded extends Failure {
  readonly kind = "unavailable";
  /** Whole seconds are the smallest unit of `Retry-After`; places are free again within milliseconds. */
  override readonly retryAfterSeconds = 1;

  constructor() {
    super("OVERLOADED", "too many requests are being worked on at the moment");
  }
}

/** The place of a request that is worked on. */
export interface WorkPlace {
  /** Gives the place away while the request waits for its own client, e.g. for its body. */
  pause(): void;
  /** Takes a place again, even if there is none. */
  resume(): void;
  /** Gives the place back, once. */
  leave(): void;
}

/** Limits the work in flight. */
export interface LoadShedder {
  /**
   * Asks for a place.
   *
   * If no place of the kind is free, the request waits. If requests have been waiting without a pause for a second, this
   * is no burst but overload (as in "Fail at Scale", ACM Queue 13-8): from then on no request waits, as every answer would be
   * late and every refusal too. Overload ends once no request was refused for a second.
   *
   * @param patienceMs How long the request may wait at most, e.g. until its deadline.
   * @returns `undefined` if the request is refused.
   */
  enter(kind: WorkKind, patienceMs: number): WorkPlace | undefined | Promise<WorkPlace | undefined>;
}

/** Time, for tests. */
export interface Timing {
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  readonly after: (ms: number, run: () => void) => void;
}

/** Creates the limits of a process. */
export function createLoadShedder(
  limits: LoadLimits = LOAD_LIMITS,
  timing: Timing = { now: () => performance.now(), after: (ms, run) => void setTimeout(run, ms) },
): LoadShedder {
  const rooms: Readonly<Record<WorkKind, Room>> = {
    "session check": createRoom(limits["session check"], timing),
    read: createRoom(limits.read, timing),
    write: createRoom(limits.write, timing),
    hash: createRoom(limits.hash, timing),
  };
  return { enter: (kind, patienceMs) => rooms[kind](patienceMs) };
}

type Room = (patienceMs: number) => WorkPlace | undefined | Promise<WorkPlace | undefined>;

interface Waiting {
  readonly since: number;
  readonly patienceMs: number;
  readonly settle: (place: WorkPlace | undefined) => void;
}

/** How often waiting requests are looked at, in milliseconds. */
const TICK_MS = 10;

function createRoom(limits: LoadLimit, { now, after }: Timing): Room {
  let inFlight = 0;
  // In the order of their arrival.
  const waiting = new Set<Waiting>();
  // Since when there have always been waiting requests.
  let standingSince = 0;
  let overloadedUntil = -Infinity;
  let isTicking = false;

  const letIn = () => {
    for (const first of waiting) {
      if (inFlight >= limits.inFlight) return;
      waiting.delete(first);
      first.settle(take());
    }
  };
  const take = (): WorkPlace => {
    let held = 1;
    inFlight++;
    const give = () => {
      inFlight -= held;
      held = 0;
      letIn();
    };
    let hasLeft = false;
    return {
      pause: give,
      resume() {
        if (hasLeft || held === 1) return;
        held = 1;
        inFlight++;
      },
      leave() {
        hasLeft = true;
        give();
      },
    };
  };
  const isOverloaded = (at: number) =>
    at < overloadedUntil || waiting.size > 0 && at - standingSince >= BURST_MS;
  const refuseOverdue = () => {
    const at = now();
    if (isOverloaded(at)) overloadedUntil = at + BURST_MS;
    for (const one of waiting) {
      if (at - one.since < Math.min(BURST_MS, one.patienceMs)) continue;
      waiting.delete(one);
      one.settle(undefined);
    }
  };
  const tick = () => {
    refuseOverdue();
    isTicking = waiting.size > 0;
    if (isTicking) after(TICK_MS, tick);
  };

  return (patienceMs) => {
    if (inFlight < limits.inFlight) return take();
    const at = now();
    if (isOverloaded(at)) {
      overloadedUntil = at + BURST_MS;
      return undefined;
    }
    if (waiting.size >= limits.waiting) return undefined;
    if (waiting.size === 0) standingSince = at;
    if (!isTicking) {
      isTicking = true;
      after(TICK_MS, tick);
    }
    return new Promise((settle) => waiting.add({ since: at, patienceMs, settle }));
  };
}
