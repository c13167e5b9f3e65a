/** A ship to be assembled for a paid order. */
export interface Ship {
  readonly orderUuid: string;
  /** The user who placed the order. */
  readonly userUuid: string;
}

/** A ship whose assembly is over, but not yet told of. */
export interface BuiltShip extends Ship {
  /** How long the assembly took, in milliseconds. */
  readonly builtForMs: number;
}
