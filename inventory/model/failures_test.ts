import assert from "node:assert/strict";
import { InsufficientStock, PartsNotFound } from "./failures.ts";

/** The maximum length of a message: 1,800 characters of sentences, and the separators. */
const MAX_LENGTH = 1_900;

Deno.test("all short or missing parts are named if they fit", () => {
  const [bolt, nut] = [crypto.randomUUID(), crypto.randomUUID()];
  assert.equal(
    new PartsNotFound([bolt, nut]).message,
    `part ${bolt} does not exist; part ${nut} does not exist`,
  );
  assert.equal(
    new InsufficientStock([{ partUuid: bolt, ordered: 3, stock: 2 }, { partUuid: nut, ordered: 1, stock: 0 }])
      .message,
    `part ${bolt} has too little stock: 3 ordered, 2 available; part ${nut} has too little stock: 1 ordered, 0 available`,
  );
});

Deno.test("with any number of parts, the message is short and counts those it leaves out", () => {
  for (let count = 1; count <= 100; count++) {
    const uuids = Array.from({ length: count }, () => crypto.randomUUID());
    const shortages = uuids.map((partUuid) => ({ partUuid, ordered: 100, stock: Number.MAX_SAFE_INTEGER }));
    for (const { message } of [new PartsNotFound(uuids), new InsufficientStock(shortages)]) {
      const [, more = "0"] = /; and (\d+) more$/.exec(message) ?? [];
      assert.equal(message.match(/part /g)?.length, count - Number(more));
      assert.ok(message.length <= MAX_LENGTH, `${message.length} characters`);
    }
  }
});
