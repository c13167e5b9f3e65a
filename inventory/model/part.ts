import { type Cents } from "@rocket/platform/core";

/** The kinds of part. */
export const CATEGORIES = ["ENGINE", "FUEL", "PORTHOLE", "WING"] as const;

/** A kind of part. */
export type Category = typeof CATEGORIES[number];

/** The size of one piece in centimetres, and its weight in kilograms. */
export interface Dimensions {
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly weight: number;
}

/** The manufacturer of a part. */
export interface Manufacturer {
  readonly name: string;
  readonly country: string;
  readonly website: string;
}

/** A property of a part, of one of four types. Whole numbers are between -(2^53 - 1) and 2^53 - 1. */
export type MetadataValue =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "int64"; readonly value: number }
  | { readonly type: "double"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean };

/** A part before it is stored. */
export interface PartFacts {
  readonly uuid: string;
  readonly name: string;
  readonly description: string;
  /** The price of one piece. */
  readonly price: Cents;
  /** How many pieces can be ordered, without those reserved for orders; never below 0. */
  readonly stockQuantity: number;
  readonly category: Category;
  readonly dimensions: Dimensions;
  readonly manufacturer: Manufacturer;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, MetadataValue>>;
}

/** A part as it is stored. */
export interface Part extends PartFacts {
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
