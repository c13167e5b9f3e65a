/** An amount of unpaid orders of one user: what the user has, or may have at most. */
export interface UnpaidOrders {
  readonly orders: number;
  /** The pieces of these orders together. */
  readonly pieces: number;
}

/** Whether a user with these unpaid orders may place another one of so many pieces. */
export function mayPlaceAnother(unpaid: UnpaidOrders, pieces: number, limit: UnpaidOrders): boolean {
  return unpaid.orders < limit.orders && unpaid.pieces + pieces <= limit.pieces;
}
