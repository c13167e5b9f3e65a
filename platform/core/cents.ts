/** An amount of money in whole cents, from 0 to 999,999,999,999.99. */
export type Cents = number & { readonly [centsBrand]: true };

declare const centsBrand: unique symbol;

/** The largest amount that fits into `numeric(14,2)`. */
const MAX_CENTS = 99_999_999_999_999;

/** @throws {RangeError} for a value that is not a whole number of cents, negative, or too large. */
export function cents(value: number): Cents {
  return toCents(value);
}

/**
 * Reads a price as another service gives it, a double of whole units, to the nearest cent.
 *
 * @throws {RangeError} for a price that is not finite, negative, or too large.
 */
export function centsOfPrice(price: number): Cents {
  // Adding zero turns -0 into 0.
  return toCents(Math.round(price * 100) + 0, price >= 0);
}

/** A number of pieces at one price. */
export interface PricedPieces {
  readonly price: Cents;
  readonly pieces: number;
}

/** @throws {RangeError} if the total is too large. */
export function totalCents(lines: readonly PricedPieces[]): Cents {
  return toCents(lines.reduce((total, { price, pieces }) => total + price * pieces, 0));
}

/** The amount as a JSON number: at most two decimals, as 14 digits are fewer than the 15 that a double keeps. */
export function centsToNumber(amount: Cents): number {
  return amount / 100;
}

/** The amount as PostgreSQL's `numeric` writes it, e.g. `1499.90`. */
export function centsToDecimal(amount: Cents): string {
  return `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
}

/** @throws {RangeError} for anything but an amount with two decimals, as PostgreSQL's `numeric` gives it. */
export function centsOfDecimal(text: string): Cents {
  return toCents(Number(text.replace(".", "")), /^[0-9]+\.[0-9]{2}$/.test(text));
}

function toCents(value: number, isAmount = true): Cents {
  if (!isAmount || !Number.isInteger(value) || value < 0 || value > MAX_CENTS) {
    throw new RangeError(`not an amount of money: ${value} cents`);
  }
  // The only place that makes the branded type; the value has just been checked.
  return value as Cents;
}
