import { centsOfDecimal, centsToDecimal } from "@rocket/platform/core";
import type { Sql } from "postgres";
import { z } from "zod";
import { CATEGORIES, type Part, type PartFacts } from "../model/part.ts";

/** `bigint`, which the driver returns as text. */
const whole = z.string().transform(Number).pipe(z.int());

/** Each value names its type, because JSON has one number type and the contract has two. */
const metadataValue = z.discriminatedUnion("type", [
  z.object({ type: z.literal("string"), value: z.string() }),
  z.object({ type: z.literal("int64"), value: z.int() }),
  z.object({ type: z.literal("double"), value: z.number() }),
  z.object({ type: z.literal("bool"), value: z.boolean() }),
]);

const schema = z.object({
  uuid: z.string(),
  name: z.string(),
  description: z.string(),
  price: z.string().transform(centsOfDecimal),
  stock_quantity: whole,
  category: z.enum(CATEGORIES),
  dimensions: z.object({ length: z.number(), width: z.number(), height: z.number(), weight: z.number() }),
  manufacturer: z.object({ name: z.string(), country: z.string(), website: z.string() }),
  tags: z.array(z.string()),
  metadata: z.record(z.string(), metadataValue),
  created_at: z.date(),
  updated_at: z.date(),
});

/**
 * Parses a row of `parts`.
 *
 * @throws {z.ZodError | RangeError} if the row is not a valid part, so something else wrote it.
 */
export function toPart(row: unknown): Part {
  const { stock_quantity, created_at, updated_at, ...same } = schema.parse(row);
  return { ...same, stockQuantity: stock_quantity, createdAt: created_at, updatedAt: updated_at };
}

/** Converts a part to the columns of an insert. */
export function toRow(sql: Sql, part: PartFacts) {
  return {
    uuid: part.uuid,
    name: part.name,
    description: part.description,
    price: centsToDecimal(part.price),
    stock_quantity: part.stockQuantity,
    category: part.category,
    dimensions: sql.json({ ...part.dimensions }),
    manufacturer: sql.json({ ...part.manufacturer }),
    tags: [...part.tags],
    metadata: sql.json({ ...part.metadata }),
  };
}
