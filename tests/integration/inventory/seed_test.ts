import assert from "node:assert/strict";
import { SEED_PARTS } from "@rocket/inventory/seed";
import type { Variables } from "@rocket/dev";
import { SEED_VARIABLES } from "@rocket/inventory/config";
import { denoFlags, storeTarget } from "@rocket/platform/config";
import { Category, type Part, type Value } from "@rocket/proto/inventory";
import { freePort } from "@rocket/platform/free-port";
import { startInventoryAlone } from "./inventory_alone.ts";

const ROOT = new URL("../../../", import.meta.url);

Deno.test("the seed", async (t) => {
  await using inventory = await startInventoryAlone();
  const { sql, system } = inventory;
  const url = system.variable("INVENTORY_POSTGRES_URL");
  const flags = flagsFor(url);
  const seed = (variables: Variables) => run(flags, "seed.ts", { LOG_FORMAT: "json", ...variables });

  await t.step("is permitted to reach only its database", () => {
    assert.ok(flags.includes(`--allow-net=${storeTarget(url, 5432)}`));
    assert.ok(!flags.some((flag) => /^--allow-(all|write|run|ffi)/.test(flag)));
  });

  await t.step("adds all parts, logs one line and exits with 0", async () => {
    const { code, stdout, stderr } = await seed({ INVENTORY_POSTGRES_URL: url });
    assert.deepEqual([code, stderr], [0, ""]);
    const { service, msg, added, all } = JSON.parse(stdout);
    assert.deepEqual({ service, msg, added, all }, {
      service: "inventory",
      msg: "parts seeded",
      added: 40,
      all: 40,
    });
  });

  await t.step("run again, adds nothing and leaves the parts unchanged", async () => {
    await sql`update parts set stock_quantity = 1 where uuid = ${SEED_PARTS[0]?.uuid ?? ""}`;
    const before = await sql`select * from parts order by uuid`;
    const { code, stdout } = await seed({ INVENTORY_POSTGRES_URL: url });
    assert.deepEqual([code, JSON.parse(stdout).added], [0, 0]);
    assert.deepEqual(await sql`select * from parts order by uuid`, before);
  });

  await t.step("adds a part that is missing", async () => {
    await sql`delete from parts where uuid = ${SEED_PARTS[0]?.uuid ?? ""}`;
    assert.equal(JSON.parse((await seed({ INVENTORY_POSTGRES_URL: url })).stdout).added, 1);
  });

  await t.step("every part is returned as it was written", async () => {
    const parts = await inventory.listParts();
    assert.deepEqual(parts.map(withoutTimes).toSorted(byUuid), SEED_PARTS.map(asReturned).toSorted(byUuid));
    for (const { createdAt, updatedAt } of parts) {
      assert.ok(createdAt instanceof Date && Math.abs(Date.now() - createdAt.getTime()) < 3_600_000);
      assert.deepEqual(updatedAt, createdAt);
    }
  });

  await t.step("reports a missing database URL in one message and exits with 1", async () => {
    const { code, stderr } = await seed({});
    assert.equal(code, 1);
    assert.match(stderr, /^the configuration is not usable:\n {2}INVENTORY_POSTGRES_URL is missing/);
    assert.doesNotMatch(stderr, /at file:/);
  });

  await t.step("reports a database that is down in one line and exits with 1", async () => {
    const unreachable = `postgres://nobody:secret@127.0.0.1:${freePort()}/inventory`;
    const { code, stderr } = await run(flagsFor(unreachable), "seed.ts", {
      INVENTORY_POSTGRES_URL: unreachable,
    });
    assert.equal(code, 1);
    assert.match(stderr, /^postgres is unavailable: connect ECONNREFUSED 127\.0\.0\.1:\d+\n$/);
  });
});

/** The permission flags of the seed for this database. */
function flagsFor(url: string): readonly string[] {
  const environment = (name: string) => name === "INVENTORY_POSTGRES_URL" ? url : undefined;
  return denoFlags(SEED_VARIABLES, environment);
}

interface Output {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of inventory's programs until it exits, with only these variables and those that Deno itself needs. */
async function run(flags: readonly string[], program: string, variables: Variables): Promise<Output> {
  const kept = ["PATH", "HOME", "DENO_DIR"].flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      ...flags.filter((flag) => flag !== "--no-prompt"),
      `inventory/${program}`,
    ],
    cwd: ROOT,
    clearEnv: true,
    env: { ...Object.fromEntries(kept), ...variables },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

type PartFacts = typeof SEED_PARTS[number];

/** An example part as clients of inventory receive it. */
function asReturned(
  { category, metadata, price, tags, ...same }: PartFacts,
): Omit<Part, "createdAt" | "updatedAt"> {
  const values = Object.entries(metadata).map(([key, { type, value }]) => {
    // Each kind of `Value` has the name of its type, so a table would only repeat it.
    return [key, { kind: { $case: `${type}Value`, value } } as Value] as const;
  });
  return {
    ...same,
    price: price / 100,
    category: Category[`CATEGORY_${category}`],
    tags: [...tags],
    metadata: Object.fromEntries(values),
  };
}

function withoutTimes({ createdAt: _created, updatedAt: _updated, ...facts }: Part) {
  return facts;
}

function byUuid(a: { readonly uuid: string }, b: { readonly uuid: string }): number {
  return a.uuid < b.uuid ? -1 : 1;
}
