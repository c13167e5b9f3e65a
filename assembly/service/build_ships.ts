import type { Signal } from "@rocket/platform/core";
import { encodeEvent } from "@rocket/platform/outbox";
import type { Logger } from "@rocket/platform/log";
import { ORDER_ASSEMBLED } from "@rocket/proto/events";
import type { BuiltShip } from "../model/ship.ts";
import type { ShipRepository } from "../repository/ships.ts";

/** Begins and finishes assemblies as they are due, until the service closes. */
export type BuildShips = (closing: AbortSignal) => Promise<void>;

/** Parts of {@linkcode createBuildShips}. */
export interface BuildShipsParts {
  readonly ships: Pick<ShipRepository, "begin" | "listBuilt" | "finish" | "untilNextMs">;
  /** How many ships may be in work at once, in all replicas together. */
  readonly atOnce: number;
  /** Raised when this replica has ordered a ship. */
  readonly ordered: Signal;
  readonly log: Logger;
}

/** How many ships are finished in one go. */
const BATCH = 100;

/** How long until ships that other replicas ordered are looked for, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/** Creates the build-ships use case. */
export function createBuildShips({ ships, atOnce, ordered, log }: BuildShipsParts): BuildShips {
  const finish = async (ship: BuiltShip) => {
    const eventUuid = crypto.randomUUID();
    const buildTimeSec = Math.round(ship.builtForMs / 1_000);
    const { orderUuid, userUuid } = ship;
    const event = encodeEvent(ORDER_ASSEMBLED, { eventUuid, orderUuid, userUuid, buildTimeSec });
    const isFinished = await ships.finish(orderUuid, event);
    if (isFinished) log.info({ order: orderUuid, build_time_sec: buildTimeSec }, "ship assembled");
  };
  return async (closing) => {
    while (!closing.aborted) {
      const built = await ships.listBuilt(BATCH);
      await Promise.all(built.map(finish));
      await ships.begin(atOnce);
      if (built.length === BATCH) continue;
      const nextMs = await ships.untilNextMs() ?? Infinity;
      await ordered.wait(Math.max(0, Math.min(Math.ceil(nextMs), LOOK_EVERY_MS)), closing);
    }
  };
}
