import assert from "node:assert/strict";
import postgres from "postgres";
import { startInventoryAlone } from "./inventory_alone.ts";

const good = {
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

type Columns = Omit<typeof good, "dimensions" | "manufacturer" | "metadata"> & {
  readonly dimensions: postgres.JSONValue;
  readonly manufacturer: postgres.JSONValue;
  readonly metadata: postgres.JSONValue;
};

const GOOD: readonly (readonly [string, Columns])[] = [
  ["for nothing", { ...good, price: "0" }],
  ["at the highest price", { ...good, price: "9999999999.99" }],
  ["with the most stock", { ...good, stock_quantity: "9007199254740991" }],
  ["with a name of 200 characters of four bytes", { ...good, name: "🚀".repeat(200) }],
];

const BAD: readonly (readonly [string, Columns, string])[] = [
  ["at less than nothing", { ...good, price: "-0.01" }, "parts_price"],
  ["at no number", { ...good, price: "NaN" }, "parts_price"],
  ["with less than no stock", { ...good, stock_quantity: "-1" }, "parts_stock_quantity"],
  [
    "with more stock than the contract can represent",
    { ...good, stock_quantity: "9007199254740992" },
    "parts_stock_quantity",
  ],
  ["of no category", { ...good, category: "UNSPECIFIED" }, "parts_category"],
  ["of a category in another case", { ...good, category: "engine" }, "parts_category"],
  ["without a name", { ...good, name: "" }, "parts_name"],
  ["with too long a name", { ...good, name: "n".repeat(201) }, "parts_name"],
  ["with a tag that is null", { ...good, tags: "{null}" }, "parts_tags"],
  ["with dimensions in a list", { ...good, dimensions: [1, 1, 1] }, "parts_dimensions"],
  ["from nowhere", { ...good, manufacturer: { name: "Bolts" } }, "parts_manufacturer"],
  ["from a number", { ...good, manufacturer: { country: 47 } }, "parts_manufacturer"],
  ["with a text for metadata", { ...good, metadata: "none" }, "parts_metadata"],
];

Deno.test("the table of parts", async (t) => {
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

  for (const [what, columns] of GOOD) {
    await t.step(`accepts a part ${what}, and it is returned unchanged`, async () => {
      const part = await inventory.getPart(await insert(columns));
      const { name, price, stock_quantity } = columns;
      assert.deepEqual([part?.name, part?.price, part?.stockQuantity], [name, +price, +stock_quantity]);
    });
  }

  for (const [what, columns, constraint] of BAD) {
    await t.step(`refuses a part ${what}, by ${constraint}`, async () => {
      await assert.rejects(insert(columns), (error) => {
        assert.ok(error instanceof postgres.PostgresError);
        assert.equal(error.constraint_name, constraint);
        return true;
      });
    });
  }

  await t.step("a part that something else made invalid is a fault, and clients see no detail", async () => {
    const uuid = await insert({ ...good, dimensions: { length: "long" } });
    await assert.rejects(inventory.getPart(uuid), { code: 13, details: "internal error" });
    await inventory.system.process("inventory").waitForLine(/ZodError.*"call faulted"/);
  });
});
