import assert from "node:assert/strict";
import postgres from "postgres";
import { startInventoryAlone } from "./inventory_alone.ts";

const valid = {
  name: "Bolt",
  description: "",
  price: "0.10",
  stock_quantity: "0",
  category: "ENGINE",
  dimensions: { length: 1, width: 1, height: 1, weight: 0.1 },
  manufacturer: { name: "Bolts", country: "Norway", website: "https://bolts.example.com" },
  tags: "{}",
  metadata: {},
};

type Columns = Omit<typeof valid, "dimensions" | "manufacturer" | "metadata"> & {
  readonly dimensions: postgres.JSONValue;
  readonly manufacturer: postgres.JSONValue;
  readonly metadata: postgres.JSONValue;
};

const VALID: readonly (readonly [string, Columns])[] = [
  ["at a price of 0", { ...valid, price: "0" }],
  ["at the highest price", { ...valid, price: "9999999999.99" }],
  ["with the maximum stock", { ...valid, stock_quantity: "9007199254740991" }],
  ["with a name of 200 characters of four bytes", { ...valid, name: "🚀".repeat(200) }],
];

const INVALID: readonly (readonly [string, Columns, string])[] = [
  ["at a negative price", { ...valid, price: "-0.01" }, "parts_price"],
  ["at a price of NaN", { ...valid, price: "NaN" }, "parts_price"],
  ["with negative stock", { ...valid, stock_quantity: "-1" }, "parts_stock_quantity"],
  [
    "with more stock than the contract can represent",
    { ...valid, stock_quantity: "9007199254740992" },
    "parts_stock_quantity",
  ],
  ["of an unspecified category", { ...valid, category: "UNSPECIFIED" }, "parts_category"],
  ["of a category in another case", { ...valid, category: "engine" }, "parts_category"],
  ["without a name", { ...valid, name: "" }, "parts_name"],
  ["with too long a name", { ...valid, name: "n".repeat(201) }, "parts_name"],
  ["with a tag that is null", { ...valid, tags: "{null}" }, "parts_tags"],
  ["with a list as dimensions", { ...valid, dimensions: [1, 1, 1] }, "parts_dimensions"],
  ["without a country", { ...valid, manufacturer: { name: "Bolts" } }, "parts_manufacturer"],
  ["with a number as country", { ...valid, manufacturer: { country: 47 } }, "parts_manufacturer"],
  ["with a string as metadata", { ...valid, metadata: "none" }, "parts_metadata"],
];

Deno.test("the parts table", async (t) => {
  await using inventory = await startInventoryAlone();
  const { sql } = inventory;
  const insert = async (columns: Columns) => {
    const uuid = crypto.randomUUID();
    const dimensions = sql.json(columns.dimensions);
    const manufacturer = sql.json(columns.manufacturer);
    const metadata = sql.json(columns.metadata);
    await sql`insert into parts ${sql({ ...columns, uuid, dimensions, manufacturer, metadata })}`;
    return uuid;
  };

  for (const [what, columns] of VALID) {
    await t.step(`accepts a part ${what}, and it is returned unchanged`, async () => {
      const part = await inventory.getPart(await insert(columns));
      const { name, price, stock_quantity } = columns;
      assert.deepEqual([part?.name, part?.price, part?.stockQuantity], [name, +price, +stock_quantity]);
    });
  }

  for (const [what, columns, constraint] of INVALID) {
    await t.step(`refuses a part ${what}, by ${constraint}`, async () => {
      await assert.rejects(insert(columns), (error) => {
        assert.ok(error instanceof postgres.PostgresError);
        assert.equal(error.constraint_name, constraint);
        return true;
      });
    });
  }

  await t.step("an invalid part in the table is an internal error, and clients see no details", async () => {
    const uuid = await insert({ ...valid, dimensions: { length: "long" } });
    await assert.rejects(inventory.getPart(uuid), { code: 13, details: "internal error" });
    await inventory.system.process("inventory").waitForLine(/ZodError.*"call faulted"/);
  });
});
