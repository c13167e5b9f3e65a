/** A ship to be assembled for a paid order. */
export interface Ship {
  readonly orderUuid: string;
  /** The user who placed the order. */
  readonly userUuid: string;
}

/** A ship that has been assembled, but not yet reported. */
export interface BuiltShip extends Ship {
  /** How long the assembly took, in milliseconds. */
  readonly builtForMs: number;
}
