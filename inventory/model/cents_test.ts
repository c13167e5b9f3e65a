import assert from "node:assert/strict";
import fc from "fast-check";
import { cents, centsOfDecimal, centsToDecimal, centsToNumber } from "./cents.ts";

const MAX = 999_999_999_999;
const anyPrice = fc.integer({ min: 0, max: MAX }).map(cents);

Deno.test("a price goes to the database and comes back as it was", () => {
  fc.assert(fc.property(anyPrice, (price) => {
    const text = centsToDecimal(price);
    assert.match(text, /^\d{1,10}\.\d{2}$/);
    assert.equal(centsOfDecimal(text), price);
  }));
});

Deno.test("on the wire a price is its decimal, to the digit", () => {
  fc.assert(fc.property(anyPrice, (price) => {
    assert.equal(centsToNumber(price).toFixed(2), centsToDecimal(price));
    assert.match(String(centsToNumber(price)), /^\d+(\.\d{1,2})?$/);
  }));
});

Deno.test("what is no price is a fault", () => {
  for (const value of [-1, 0.5, NaN, Infinity, MAX + 1]) {
    assert.throws(() => cents(value), RangeError, String(value));
  }
  for (const text of ["NaN", "", "1", "1.5", "-1.00", "1.000", "1e2.00", "10000000000.00"]) {
    assert.throws(() => centsOfDecimal(text), RangeError, text);
  }
});
