import { brokenCheckConstraint, type Postgres } from "@rocket/platform/postgres";
import {
  type PartQuantity,
  type ReservationRequest,
  type ReservationSize,
  type Shortage,
  sizeOf,
} from "../model/reservation.ts";
import {
  commit,
  type EndedRow,
  endExpired,
  endExpiredOf,
  findShortages,
  release,
  reserve,
  type ReserveRow,
} from "./reservation_statements.ts";

/**
 * What is kept for orders, in PostgreSQL. Every method is one statement, safe beside any others of any replica, and
 * throws `Unavailable` or `DeadlineExceeded` where the database does not answer.
 */
export interface ReservationRepository {
  /** Takes pieces off the shelf for an order for which none are kept yet: all of them, or it changes nothing. */
  reserve(request: ReservationRequest): Promise<ReserveOutcome>;
  /** The parts with fewer pieces left than that, by UUID. */
  findShortages(items: readonly PartQuantity[]): Promise<readonly Shortage[]>;
  /**
   * Marks what is kept for the order as sold; again it changes nothing.
   *
   * @returns `undefined` where nothing is kept.
   */
  commit(orderUuid: string): Promise<ReservationSize | undefined>;
  /** Puts what is kept for the order back on the shelf, unless it is sold. */
  release(orderUuid: string): Promise<ReleaseOutcome>;
  /**
   * Ends up to `END_BATCH` reservations whose time is over, the oldest first, and puts their pieces back. What another
   * statement is just working on is left to it.
   */
  endExpired(): Promise<readonly EndedReservation[]>;
  /** The same for those that hold one of the parts; what another statement is working on is waited for. */
  endExpiredOf(partUuids: readonly string[]): Promise<readonly EndedReservation[]>;
}

/** How `reserve` went. */
export type ReserveOutcome =
  | { readonly type: "reserved" | "renewed"; readonly expiresAt: Date }
  | { readonly type: "sold" | "other items" | "too little stock" }
  | { readonly type: "unknown parts"; readonly partUuids: readonly string[] };

/** How `release` went. */
export type ReleaseOutcome =
  | { readonly type: "released"; readonly size: ReservationSize }
  | { readonly type: "nothing kept" | "sold" };

/** A reservation that has ended by itself. */
export interface EndedReservation {
  readonly orderUuid: string;
  readonly size: ReservationSize;
}

/** How many reservations one statement ends at most: few enough to be done long before its time is over. */
export const END_BATCH = 100;

/** Creates the repository over inventory's database. */
export function createReservationRepository(postgres: Postgres): ReservationRepository {
  return {
    async reserve(request) {
      try {
        const [row] = await postgres.query((sql) => reserve(sql, request));
        return toReserveOutcome(row);
      } catch (error) {
        if (brokenCheckConstraint(error) === "parts_stock_quantity") return { type: "too little stock" };
        throw error;
      }
    },

    findShortages: (items) => postgres.query((sql) => findShortages(sql, items)),

    async commit(orderUuid) {
      const [row] = await postgres.query((sql) => commit(sql, orderUuid));
      return row === undefined ? undefined : sizeOf(row.quantities);
    },

    async release(orderUuid) {
      const [row] = await postgres.query((sql) => release(sql, orderUuid));
      if (row === undefined) return { type: "nothing kept" };
      return row.quantities === null ? { type: "sold" } : { type: "released", size: sizeOf(row.quantities) };
    },

    async endExpired() {
      return (await postgres.query((sql) => endExpired(sql, END_BATCH))).map(toEnded);
    },

    async endExpiredOf(partUuids) {
      return (await postgres.query((sql) => endExpiredOf(sql, partUuids, END_BATCH))).map(toEnded);
    },
  };
}

function toReserveOutcome({ unknown, expires_at, is_new, has_same_items }: ReserveRow): ReserveOutcome {
  if (unknown !== null) return { type: "unknown parts", partUuids: unknown };
  if (!has_same_items) return { type: "other items" };
  if (expires_at === null) return { type: "sold" };
  return { type: is_new ? "reserved" : "renewed", expiresAt: expires_at };
}

function toEnded(row: EndedRow): EndedReservation {
  return { orderUuid: row.order_uuid, size: sizeOf(row.quantities) };
}
