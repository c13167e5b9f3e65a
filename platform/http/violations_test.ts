import assert from "node:assert/strict";
import { z } from "zod";
import { toViolations } from "./violations.ts";

const Wish = z.strictObject({
  name: z.string().min(1).max(3),
  count: z.int().min(1).max(100),
  price: z.number(),
  method: z.enum(["CARD", "SBP"]),
  uuid: z.stringFormat("UUID", /^[0-9a-f]{4}$/),
  key: z.string().regex(/^x+$/),
  tags: z.array(z.string()).min(1).max(2),
  maker: z.strictObject({ open: z.boolean() }),
});

const VALID = {
  name: "a",
  count: 1,
  price: 1,
  method: "CARD",
  uuid: "00ff",
  key: "x",
  tags: ["a"],
  maker: { open: true },
};

Deno.test("each broken rule is described in our own words", () => {
  const table: readonly (readonly [change: object, field: string, rule: string])[] = [
    [{ name: 1 }, "name", "must be a string"],
    [{ name: "" }, "name", "must have at least 1 character"],
    [{ name: "abcd" }, "name", "must have at most 3 characters"],
    [{ count: 1.5 }, "count", "must be a whole number"],
    [{ count: 0 }, "count", "must be at least 1"],
    [{ count: 101 }, "count", "must be at most 100"],
    [{ price: "1" }, "price", "must be a number"],
    [{ method: "SHELLS" }, "method", "must be one of CARD, SBP"],
    [{ uuid: "no" }, "uuid", "must be a UUID"],
    [{ key: "y" }, "key", "must match /^x+$/"],
    [{ tags: "a" }, "tags", "must be a list"],
    [{ tags: [] }, "tags", "must have at least 1 item"],
    [{ tags: ["a", "b", "c"] }, "tags", "must have at most 2 items"],
    [{ tags: ["a", 2] }, "tags[1]", "must be a string"],
    [{ maker: 1 }, "maker", "must be an object"],
    [{ maker: { open: "yes" } }, "maker.open", "must be true or false"],
    [{ colour: 1 }, "colour", "is not a known field"],
  ];
  for (const [change, field, message] of table) {
    const { error } = Wish.safeParse({ ...VALID, ...change });
    assert.ok(error, field);
    assert.deepEqual(toViolations(error, "body"), [{ field, message }]);
  }
});
