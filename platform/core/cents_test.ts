import fc from "fast-check";
import assert from "node:assert/strict";
import { cents, centsOfDecimal, centsOfPrice, centsToDecimal, centsToNumber, totalCents } from "./cents.ts";

const MAX = 99_999_999_999_999;
const anyCents = fc.integer({ min: 0, max: MAX });

Deno.test("a price with two decimals is converted to exactly its cents", () => {
  fc.assert(fc.property(anyCents, (amount) => {
    const price = Number(`${BigInt(amount) / 100n}.${String(amount % 100).padStart(2, "0")}`);
    assert.equal(centsOfPrice(price), amount);
  }));
});

Deno.test("a price with more decimals is rounded to the nearest cent", () => {
  for (
    const [price, cents] of [[0.1 + 0.2, 30], [19.994, 1999], [19.996, 2000], [0.004, 0], [-0, 0]] as const
  ) {
    assert.equal(centsOfPrice(price), cents, String(price));
  }
});

Deno.test("a price that is not an amount, or too large, is a RangeError", () => {
  for (const price of [NaN, Infinity, -Infinity, -0.01, -0.001, 1e12, 1e300]) {
    assert.throws(() => centsOfPrice(price), RangeError, String(price));
  }
  const highest = centsOfPrice(999_999_999_999.99);
  assert.equal(highest, MAX);
  assert.throws(
    () => totalCents([{ price: highest, pieces: 1 }, { price: centsOfPrice(0.01), pieces: 1 }]),
    RangeError,
  );
});

Deno.test("a hundred pieces at the highest price of a part are within the limit", () => {
  assert.equal(
    centsToDecimal(totalCents([{ price: centsOfPrice(9_999_999_999.99), pieces: 100 }])),
    "999999999999.00",
  );
});

Deno.test("the total in cents is the exact decimal total: rounding neither creates nor loses money", () => {
  const line = fc.record({
    cents: fc.integer({ min: 0, max: 999_999_999_999 }),
    pieces: fc.integer({ min: 1, max: 10 }),
  });
  fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 10 }), (lines) => {
    const exact = lines.reduce((total, { cents, pieces }) => total + BigInt(cents) * BigInt(pieces), 0n);
    const total = totalCents(
      lines.map(({ cents, pieces }) => ({ price: centsOfPrice(cents / 100), pieces })),
    );
    assert.equal(centsToDecimal(total).replace(".", "").replace(/^0+(?=\d)/, ""), String(exact));
  }));
});

Deno.test("on the wire an amount has at most two decimals, and converts back to the same cents", () => {
  fc.assert(fc.property(anyCents, (amount) => {
    const wire = JSON.stringify(centsToNumber(cents(amount)));
    assert.match(wire, /^\d+(\.\d{1,2})?$/);
    assert.equal(centsOfPrice(JSON.parse(wire)), amount);
  }));
});

Deno.test("an amount is read back from the database as it was written", () => {
  fc.assert(fc.property(anyCents, (amount) => {
    const text = centsToDecimal(cents(amount));
    assert.match(text, /^\d{1,12}\.\d{2}$/);
    assert.equal(centsOfDecimal(text), amount);
  }));
  for (const text of ["NaN", "", "1", "1.5", "-1.00", "1.000", "1e2.00", "1000000000000.00"]) {
    assert.throws(() => centsOfDecimal(text), RangeError, text);
  }
});

Deno.test("cents are a whole number that is neither negative nor too large", () => {
  assert.equal(cents(1_250), 1_250);
  for (const value of [-1, 0.5, NaN, Infinity, MAX + 1]) {
    assert.throws(() => cents(value), RangeError, String(value));
  }
});
