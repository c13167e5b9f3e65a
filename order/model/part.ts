import type { Cents } from "./cents.ts";

/** What an order needs to know of a part. */
export interface Part {
  readonly uuid: string;
  /** The price of one piece. */
  readonly price: Cents;
  /** How many pieces there are. */
  readonly stock: number;
}

/** A part of which more pieces were ordered than there are. */
export interface Shortage {
  readonly partUuid: string;
  readonly ordered: number;
  readonly stock: number;
}
