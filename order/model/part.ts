import { type Cents } from "@rocket/platform/core";

/** The facts of a part that an order uses. */
export interface Part {
  readonly uuid: string;
  /** The price of one piece. */
  readonly price: Cents;
}
