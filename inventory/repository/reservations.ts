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
 * The reservations of orders, in PostgreSQL. Every method runs one statement, is safe to call from any number of replicas
 * at once, and throws `Unavailable` or `DeadlineExceeded` if the database does not answer.
 */
export interface ReservationRepository {
  /** Takes the pieces of an order without a reservation out of stock: all of them, or none. Otherwise renews it. */
  reserve(request: ReservationRequest): Promise<ReserveOutcome>;
  /** Finds the parts with fewer pieces left than these, sorted by UUID. */
  findShortages(items: readonly PartQuantity[]): Promise<readonly Shortage[]>;
  /**
   * Marks the reserved pieces of the order as sold. Safe to repeat.
   *
   * @returns `undefined` if the order has no reservation.
   */
  commit(orderUuid: string): Promise<ReservationSize | undefined>;
  /** Returns the reserved pieces of the order to stock, unless they have been sold. */
  release(orderUuid: string): Promise<ReleaseOutcome>;
  /**
   * Ends up to `END_BATCH` expired reservations, the oldest first, and returns their pieces to stock. Skips those that
   * another statement has locked.
   */
  endExpired(): Promise<readonly EndedReservation[]>;
  /** The same for reservations that contain one of the parts; waits for those that another statement has locked. */
  endExpiredOf(partUuids: readonly string[]): Promise<readonly EndedReservation[]>;
}

/** The outcome of `reserve`. */
export type ReserveOutcome =
  | { readonly type: "reserved" | "renewed"; readonly expiresAt: Date }
  | { readonly type: "sold" | "other items" | "insufficient stock" }
  | { readonly type: "unknown parts"; readonly partUuids: readonly string[] };

/** The outcome of `release`. */
export type ReleaseOutcome =
  | { readonly type: "released"; readonly size: ReservationSize }
  | { readonly type: "not reserved" | "sold" };

/** A reservation that has expired. */
export interface EndedReservation {
  readonly orderUuid: string;
  readonly size: ReservationSize;
}

/** How many reservations one statement ends at most: few enough to finish well within its deadline. */
export const END_BATCH = 100;

/** Creates the repository on inventory's database. */
export function createReservationRepository(postgres: Postgres): ReservationRepository {
  return {
    async reserve(request) {
      try {
        const [row] = await postgres.query((sql) => reserve(sql, request));
        return toReserveOutcome(row);
      } catch (error) {
        if (brokenCheckConstraint(error) === "parts_stock_quantity") return { type: "insufficient stock" };
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
      if (row === undefined) return { type: "not reserved" };
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
