/** Some pieces of one part. */
export interface PartQuantity {
  /** Canonical, lower-case UUID. */
  readonly partUuid: string;
  /** 1 to 100. */
  readonly quantity: number;
}

/** What is to be kept for an order, and for how long. */
export interface ReservationRequest {
  /** Canonical, lower-case UUID. */
  readonly orderUuid: string;
  /** 1 to 100, each part once. */
  readonly items: readonly PartQuantity[];
  /** From now, in milliseconds. */
  readonly ttlMs: number;
}

/** How much is kept for an order, as the log tells it. */
export interface ReservationSize {
  /** Different parts. */
  readonly parts: number;
  /** Pieces of them all. */
  readonly pieces: number;
}

/** How much that many pieces of each part are. */
export function sizeOf(quantities: readonly number[]): ReservationSize {
  return { parts: quantities.length, pieces: quantities.reduce((sum, quantity) => sum + quantity, 0) };
}

/** A part of which fewer pieces are left than an order wants. */
export interface Shortage {
  readonly partUuid: string;
  readonly ordered: number;
  readonly stock: number;
}
