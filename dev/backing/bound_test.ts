import assert from "node:assert/strict";
import { boundByData, boundByEnvironment } from "./bound.ts";
import { BackingMisconfigured } from "./errors.ts";

Deno.test("BACKING binds to docker or to local, and any other value is refused", () => {
  assert.equal(boundByEnvironment(undefined), undefined);
  assert.equal(boundByEnvironment(""), undefined);
  assert.equal(boundByEnvironment("docker")?.to, "docker");
  assert.equal(boundByEnvironment("local")?.to, "local");
  assert.throws(() => boundByEnvironment("podman"), BackingMisconfigured);
  assert.throws(() => boundByEnvironment("Docker"), BackingMisconfigured);
});

Deno.test("yesterday's data bind to where they are, unless they are in both places", async () => {
  const dataDir = await Deno.makeTempDir();
  try {
    assert.equal(await boundByData(dataDir), undefined);
    await Deno.mkdir(`${dataDir}/local`);
    assert.equal((await boundByData(dataDir))?.to, "local");
    await Deno.writeTextFile(`${dataDir}/docker.json`, "{}");
    assert.equal(await boundByData(dataDir), undefined);
    await Deno.remove(`${dataDir}/local`);
    assert.equal((await boundByData(dataDir))?.to, "docker");
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
});
