/** A number of pieces of one part. */
export interface PartQuantity {
  /** Canonical, lower-case UUID. */
  readonly partUuid: string;
  /** 1 to 100. */
  readonly quantity: number;
}

/** A request to reserve pieces for an order. */
export interface ReservationRequest {
  /** Canonical, lower-case UUID. */
  readonly orderUuid: string;
  /** 1 to 100, each part once. */
  readonly items: readonly PartQuantity[];
  /** How long the reservation lasts from now, in milliseconds. */
  readonly ttlMs: number;
}

/** The size of a reservation, as it is logged. */
export interface ReservationSize {
  /** The number of different parts. */
  readonly parts: number;
  /** The number of pieces of all parts together. */
  readonly pieces: number;
}

/** The size of a reservation with these quantities, one for each part. */
export function sizeOf(quantities: readonly number[]): ReservationSize {
  return { parts: quantities.length, pieces: quantities.reduce((sum, quantity) => sum + quantity, 0) };
}

/** A part with fewer pieces left than an order needs. */
export interface Shortage {
  readonly partUuid: string;
  readonly ordered: number;
  readonly stock: number;
}
