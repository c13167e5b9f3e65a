import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { SEED_PARTS } from "@rocket/inventory/seed";
import type { FieldViolation } from "@rocket/platform/core";
import { createHealthProbe, readErrorDetails } from "@rocket/platform/grpc";
import type { PartsFilter } from "@rocket/proto/inventory";
import { eventually } from "@rocket/platform/testing/eventually";
import { errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { type InventoryAlone, startInventoryAlone } from "./inventory_alone.ts";

const PART = SEED_PARTS[0]?.uuid ?? "";

/** Invalid sessions, as metadata. */
const INVALID_SESSIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "no metadata": {},
  "an empty identifier": { "session-uuid": "" },
  "a malformed identifier": { "session-uuid": "not-a-uuid" },
  "an unknown identifier": { "session-uuid": crypto.randomUUID() },
  "an identifier under the name that HTTP uses": { "x-session-uuid": crypto.randomUUID() },
};

const CATEGORY_RULE = "must be one of CATEGORY_ENGINE, CATEGORY_FUEL, CATEGORY_PORTHOLE, CATEGORY_WING";

/** Values that a client with a newer contract might send. */
const UNKNOWN_CATEGORIES: number[] = [5, -1];

/** Invalid filters, each with all its violations. */
const INVALID_FILTERS: readonly (readonly [string, Partial<PartsFilter>, readonly FieldViolation[]])[] = [
  ["a malformed UUID among others", { uuids: [PART, PART, PART, "f000"] }, [
    { field: "filter.uuids[3]", message: "must be a UUID" },
  ]],
  ["an empty UUID", { uuids: [""] }, [{ field: "filter.uuids[0]", message: "must be a UUID" }]],
  ["the unspecified category", { categories: [1, 0] }, [
    { field: "filter.categories[1]", message: CATEGORY_RULE },
  ]],
  ["unknown categories", { categories: UNKNOWN_CATEGORIES }, [
    { field: "filter.categories[0]", message: CATEGORY_RULE },
    { field: "filter.categories[1]", message: CATEGORY_RULE },
  ]],
  ["1,001 values in a field", { tags: Array(1_001).fill("tank") }, [
    { field: "filter.tags", message: "must have at most 1000 values" },
  ]],
  ["several fields at once", { uuids: ["x"], names: Array(1_001).fill("n"), categories: [0] }, [
    { field: "filter.uuids[0]", message: "must be a UUID" },
    { field: "filter.names", message: "must have at most 1000 values" },
    { field: "filter.categories[0]", message: CATEGORY_RULE },
  ]],
];

Deno.test("inventory's gRPC API", async (t) => {
  await using inventory = await startInventoryAlone();
  const { system, iam, session } = inventory;
  await system.seedParts();

  for (const [what, metadata] of Object.entries(INVALID_SESSIONS)) {
    await t.step(`${what} is refused before the request is parsed`, async () => {
      const broken = { uuids: ["not a UUID"] };
      const calls = [() => inventory.getPart(PART, metadata), () => inventory.listParts(broken, metadata)];
      for (const call of calls) {
        const error = await errorOf(call());
        assert.equal(error.code, status.UNAUTHENTICATED);
        assert.equal(error.details, "a valid session is required");
      }
    });
  }

  await t.step("a session gives access to both methods", async () => {
    const { uuid, name } = SEED_PARTS[0] ?? {};
    const part = await inventory.getPart(PART.toUpperCase());
    assert.deepEqual([part?.uuid, part?.name], [uuid, name]);
    assert.deepEqual(await inventory.listParts({ uuids: [PART] }), [part]);
  });

  await t.step("health needs no session", async () => {
    await using health = createHealthProbe("inventory", system.variable("INVENTORY_GRPC_TARGET"));
    await health.probe();
  });

  await t.step("a part that does not exist is NOT_FOUND, with a reason", async () => {
    const unknown = crypto.randomUUID();
    const error = await errorOf(inventory.getPart(unknown));
    assert.equal(error.code, status.NOT_FOUND);
    assert.equal(error.details, `part ${unknown} does not exist`);
    assert.equal(readErrorDetails(error.metadata).info?.reason, "PART_NOT_FOUND");
  });

  for (const uuid of ["", "not-a-uuid", `${PART}0`, `{${PART}}`, PART.replaceAll("-", ""), `${PART}\0`]) {
    await t.step(`GetPart refuses ${JSON.stringify(uuid)} as a uuid`, async () => {
      await assertRefused(inventory.getPart(uuid), [{ field: "uuid", message: "must be a UUID" }]);
    });
  }

  await t.step("a filter that only repeats an empty value is refused before it is decoded", async () => {
    await assertRefused(inventory.listParts({ names: Array(100_000).fill("") }), [
      { field: "filter.names", message: "must have at most 2000 values" },
    ]);
  });

  for (const [what, filter, violations] of INVALID_FILTERS) {
    await t.step(`ListParts refuses ${what}, and names it`, async () => {
      await assertRefused(inventory.listParts(filter), violations);
    });
  }

  await t.step("the error for a thousand malformed UUIDs is short enough to be delivered", async () => {
    const error = await errorOf(inventory.listParts({ uuids: Array(1_000).fill("x") }));
    assert.equal(error.code, status.INVALID_ARGUMENT);
    assert.match(error.details, /^filter\.uuids\[0\]: must be a UUID; /);
  });

  await t.step(
    "an IAM that is down is UNAVAILABLE, not UNAUTHENTICATED, and the session stays valid",
    async () => {
      await iam.stop();
      try {
        await assertUnavailable(inventory, "iam");
        assert.equal(await statusOf(inventory.getPart(PART, {})), "UNAUTHENTICATED");
      } finally {
        await iam.start();
      }
      await eventually(() => inventory.getPart(PART, session));
    },
  );

  await t.step("a Postgres that is down is UNAVAILABLE, and calls succeed once it is back", async () => {
    await system.backing.postgres.kill();
    try {
      await assertUnavailable(inventory, "postgres");
    } finally {
      await system.backing.postgres.start();
    }
    await eventually(() => inventory.getPart(PART));
  });

  await t.step(
    "a Postgres that does not answer is DEADLINE_EXCEEDED before the request's own deadline",
    async () => {
      await system.backing.postgres.pause();
      try {
        const error = await errorOf(inventory.listParts());
        assert.equal(error.code, status.DEADLINE_EXCEEDED);
        assert.equal(error.details, "postgres did not answer in time");
      } finally {
        await system.backing.postgres.resume();
      }
      await eventually(() => inventory.listParts());
    },
  );
});

async function assertRefused(
  call: Promise<unknown>,
  violations: readonly FieldViolation[],
): Promise<void> {
  const error = await errorOf(call);
  assert.equal(error.code, status.INVALID_ARGUMENT);
  assert.deepEqual(readErrorDetails(error.metadata).violations, violations);
  assert.equal(error.details, violations.map(({ field, message }) => `${field}: ${message}`).join("; "));
}

async function assertUnavailable(inventory: InventoryAlone, dependency: string): Promise<void> {
  for (const call of [() => inventory.getPart(PART), () => inventory.listParts()]) {
    const error = await errorOf(call());
    assert.equal(error.code, status.UNAVAILABLE);
    assert.equal(error.details, `${dependency} is unavailable`);
    assert.ok((readErrorDetails(error.metadata).retryAfterSeconds ?? 0) > 0);
  }
}
