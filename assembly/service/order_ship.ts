import type { Ship } from "../model/ship.ts";
import type { ShipRepository } from "../repository/ships.ts";

/** Orders a ship's assembly, once for each event and each order. */
export type OrderShip = (ship: Ship, eventUuid: string) => Promise<void>;

/** Parts of {@linkcode createOrderShip}. */
export interface OrderShipParts {
  readonly ships: Pick<ShipRepository, "add">;
  /** How long an assembly takes at least and at most, in milliseconds. */
  readonly buildTimeMs: { readonly min: number; readonly max: number };
  /** Called when there is a ship to begin with. */
  readonly onOrdered: () => void;
  /** From 0 to 1; tests pass their own. */
  readonly random?: () => number;
}

/** Creates the order-ship use case. */
export function createOrderShip(
  { ships, buildTimeMs: { min, max }, onOrdered, random = Math.random }: OrderShipParts,
): OrderShip {
  return async (ship, eventUuid) => {
    const buildMs = Math.round(min + random() * (max - min));
    if (await ships.add(ship, buildMs, eventUuid)) onOrdered();
  };
}
