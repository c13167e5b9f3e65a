/** What one piece costs, in whole cents, from nothing to the most that a part can. */
export type Cents = number & { readonly [centsBrand]: true };

declare const centsBrand: unique symbol;

/** What `numeric(12,2)` holds at most. */
const MAX_CENTS = 999_999_999_999;

/** @throws {RangeError} for what is no price: negative, with a fraction of a cent, or beyond what a part can cost. */
export function cents(value: number): Cents {
  if (!Number.isInteger(value) || value < 0 || value > MAX_CENTS) {
    throw new RangeError(`not a price that a part can have: ${value} cents`);
  }
  // The one place that makes the branded type: what it promises has just been checked.
  return value as Cents;
}

/** The price as a double with at most two decimals: 12 digits are fewer than the 15 that a double keeps. */
export function centsToNumber(price: Cents): number {
  return price / 100;
}

/** The price as PostgreSQL's `numeric` writes it, e.g. `1499.90`. */
export function centsToDecimal(price: Cents): string {
  return `${Math.trunc(price / 100)}.${String(price % 100).padStart(2, "0")}`;
}

/** @throws {RangeError} for anything but a price with two decimals, as `numeric(12,2)` gives it. */
export function centsOfDecimal(text: string): Cents {
  return cents(/^[0-9]+\.[0-9]{2}$/.test(text) ? Number(text.replace(".", "")) : NaN);
}
