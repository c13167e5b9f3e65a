import assert from "node:assert/strict";
import { readConfig, type Variables } from "./config.ts";
import { InvalidConfig } from "./read_variable.ts";
import { secretsOf } from "./secret.ts";
import { duration, optional, postgresUrl, redisUrl } from "./variable.ts";

const SPEC = {
  ttlMs: duration("SESSION_TTL", "24h"),
  postgresUrl: postgresUrl("PG_URL"),
  redisUrl: optional(redisUrl("REDIS_URL")),
} as const;

const PG_URL = "postgres://u:hunter2@db/iam";

/** A file for a secret, in a folder that goes with the test. */
async function secretFile(content: string) {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/secret`;
  const write = (text: string) => Deno.writeTextFile(path, text);
  await write(content);
  return { folder, path, write, [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }) };
}

function read(variables: Readonly<Record<string, string>>) {
  return readConfig(SPEC, (name) => variables[name]);
}

function refusal(variables: Readonly<Record<string, string>>, spec: Variables = SPEC): string {
  try {
    readConfig(spec, (name) => variables[name]);
  } catch (error) {
    assert.ok(error instanceof InvalidConfig);
    return error.message.replace("the configuration is not usable:\n  ", "");
  }
  throw new Error("the configuration is usable");
}

Deno.test("a secret is read from the file that its variable with _FILE names, without the newline at its end", async () => {
  for (const end of ["", "\n", "\r\n"]) {
    await using file = await secretFile(PG_URL + end);
    const { postgresUrl, redisUrl } = read({ PG_URL_FILE: file.path, REDIS_URL: "redis://cache" });
    assert.equal(postgresUrl.value, PG_URL);
    assert.deepEqual([postgresUrl.isFromFile, redisUrl?.isFromFile], [true, false]);
  }
});

Deno.test("a secret that is set twice is refused by both names", async () => {
  await using file = await secretFile(PG_URL);
  assert.equal(
    refusal({ PG_URL, PG_URL_FILE: file.path }),
    "PG_URL and PG_URL_FILE are both set: set one of them",
  );
  assert.equal(read({ PG_URL: "", PG_URL_FILE: file.path }).postgresUrl.value, PG_URL);
  assert.equal(read({ PG_URL, PG_URL_FILE: "" }).postgresUrl.value, PG_URL);
});

Deno.test("a file that can't be used is refused by its path, and its content is not shown", async () => {
  await using file = await secretFile("mysql://root:hunter2@db/iam");
  const rule = `must name a file with ${SPEC.postgresUrl.rule}`;
  const at = (path: string) => `PG_URL_FILE is "${path}", `;
  assert.equal(
    refusal({ PG_URL_FILE: file.path }),
    `${at(file.path)}whose content (not shown) is invalid: ${rule}`,
  );
  const absent = `${file.folder}/absent`;
  assert.equal(refusal({ PG_URL_FILE: absent }), `${at(absent)}which can't be read (NotFound): ${rule}`);
  for (const nothing of ["", "\n"]) {
    await file.write(nothing);
    assert.equal(refusal({ PG_URL_FILE: file.path }), `${at(file.path)}which is empty: ${rule}`);
    assert.match(refusal({ PG_URL, REDIS_URL_FILE: file.path }), /^REDIS_URL_FILE is .* which is empty/);
  }
});

Deno.test("only a secret may come from a file", async () => {
  await using file = await secretFile("1h");
  assert.equal(read({ PG_URL, SESSION_TTL_FILE: file.path }).ttlMs, 86_400_000);
});

Deno.test("a secret follows its file, once the file is valid again if it was not", async () => {
  await using file = await secretFile(PG_URL);
  const { postgresUrl } = read({ PG_URL_FILE: file.path });
  assert.equal(await postgresUrl.refresh(), false);

  await file.write(`${PG_URL}2\n`);
  assert.equal(postgresUrl.value, PG_URL);
  assert.equal(await postgresUrl.refresh(), true);
  assert.equal(postgresUrl.value, `${PG_URL}2`);

  await file.write("hunter2");
  await assert.rejects(postgresUrl.refresh(), /PG_URL_FILE .* \(not shown\) is invalid/);
  await Deno.remove(file.path);
  await assert.rejects(postgresUrl.refresh(), /PG_URL_FILE .* can't be read \(NotFound\)/);
  assert.equal(postgresUrl.value, `${PG_URL}2`);
  await file.write(PG_URL);
  assert.equal(await postgresUrl.refresh(), true);
  assert.equal(postgresUrl.value, PG_URL);
});

Deno.test("a URL in a file may change all but the address, which the service's permissions depend on", async () => {
  await using file = await secretFile(PG_URL);
  const { postgresUrl } = read({ PG_URL_FILE: file.path });
  await file.write("postgres://other:hunter3@db/iam?prepare=false");
  assert.equal(await postgresUrl.refresh(), true);
  for (const elsewhere of ["postgres://u:hunter4@db2/iam", "postgres://u:hunter4@10.0.0.1/iam"]) {
    await file.write(elsewhere);
    await assert.rejects(postgresUrl.refresh(), /PG_URL_FILE .* has another address, which takes a restart/);
  }
  assert.match(postgresUrl.value, /hunter3/);
});

Deno.test("a secret that does not come from a file stays as it is", async () => {
  assert.equal(await read({ PG_URL }).postgresUrl.refresh(), false);
});

Deno.test("nothing that prints a configuration shows its secrets, which are found by their names", async () => {
  await using file = await secretFile(PG_URL);
  const config = read({ PG_URL_FILE: file.path, REDIS_URL: "redis://:hunter2@cache" });
  for (
    const printed of [JSON.stringify(config), Deno.inspect(config, { depth: 9 }), `${config.postgresUrl}`]
  ) {
    assert.ok(!printed.includes("hunter2"), printed);
  }
  assert.deepEqual(secretsOf(config).map(({ variable }) => variable), ["PG_URL", "REDIS_URL"]);
  assert.deepEqual(secretsOf(read({ PG_URL })).map(({ variable }) => variable), ["PG_URL"]);
});
