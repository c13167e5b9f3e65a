import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { readEnvironment } from "./environment.ts";

/** What is read where the root's `.env` holds a text, or where there is none. */
async function read(dotEnv: string | undefined, shell: Readonly<Record<string, string>>) {
  const root = await Deno.makeTempDir();
  try {
    if (dotEnv !== undefined) await Deno.writeTextFile(`${root}/.env`, dotEnv);
    return await readEnvironment(pathToFileURL(`${root}/`), shell);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("what .env sets is read, comments and quotes apart", async () => {
  const dotEnv =
    '# Longer than a day.\nSESSION_TTL=36h # and no more\n# LOG_LEVEL=debug\nLOG_FORMAT="json"\n';
  assert.deepEqual(await read(dotEnv, {}), { SESSION_TTL: "36h", LOG_FORMAT: "json" });
});

Deno.test("what the shell sets wins over .env, even where it is empty", async () => {
  const shell = { SESSION_TTL: "1h", IAM_REDIS_URL: "" };
  const dotEnv = "SESSION_TTL=36h\nIAM_REDIS_URL=redis://127.0.0.1\nLOG_LEVEL=debug\n";
  assert.deepEqual(await read(dotEnv, shell), { ...shell, LOG_LEVEL: "debug" });
});

Deno.test("without a .env the shell alone is read", async () => {
  assert.deepEqual(await read(undefined, { SESSION_TTL: "1h" }), { SESSION_TTL: "1h" });
});

Deno.test("unless told otherwise the shell is our own", async () => {
  const environment = await readEnvironment(new URL("no/such/folder/", import.meta.url));
  assert.deepEqual(environment, { ...Deno.env.toObject() });
});
