import { type Cents } from "@rocket/platform/core";

/** The kinds of part. */
export const CATEGORIES = ["ENGINE", "FUEL", "PORTHOLE", "WING"] as const;

/** A kind of part. */
export type Category = typeof CATEGORIES[number];

/** How large and how heavy one piece is: centimetres and kilograms. */
export interface Dimensions {
  readonly length: number;
  readonly width: number;
  readonly height: number;
  readonly weight: number;
}

/** Who makes a part, and where. */
export interface Manufacturer {
  readonly name: string;
  readonly country: string;
  readonly website: string;
}

/** One fact about a part, of one of four types. A whole number is at most 2^53 - 1 either way. */
export type MetadataValue =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "int64"; readonly value: number }
  | { readonly type: "double"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean };

/** What a part is, before it is stored. */
export interface PartFacts {
  readonly uuid: string;
  readonly name: string;
  readonly description: string;
  /** What one piece costs. */
  readonly price: Cents;
  /** How many pieces are there to be ordered, those kept for orders not counted; never below 0. */
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
