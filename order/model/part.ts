import { type Cents } from "@rocket/platform/core";

/** What an order needs to know of a part. */
export interface Part {
  readonly uuid: string;
  /** The price of one piece. */
  readonly price: Cents;
}
