import assert from "node:assert/strict";
import { brokenRuntime, PINNED_DENO } from "./runtime.ts";

Deno.test("every version from 2.9.4 to 2.9.6 is refused, with the reason", () => {
  for (const version of ["2.9.4", "2.9.5", "2.9.6"]) {
    assert.equal(
      brokenRuntime(version),
      `Deno ${version} aborts when an HTTP/2 peer closes its connection (denoland/deno#36788)`,
    );
  }
});

Deno.test("a canary or a release candidate of a broken version is refused as well", () => {
  for (const version of ["2.9.5+1f6a2c3", "2.9.6-rc.1"]) assert.notEqual(brokenRuntime(version), undefined);
});

Deno.test("versions before and after the broken range are accepted", () => {
  for (
    const version of ["2.7.14", "2.8.5", "2.9.0", "2.9.3", "2.9.7", "2.9.40", "2.10.4", "3.0.0", "12.9.4"]
  ) {
    assert.equal(brokenRuntime(version), undefined, version);
  }
});

Deno.test("the pinned version is a single release, and not a broken one", () => {
  assert.match(PINNED_DENO, /^\d+\.\d+\.\d+$/);
  assert.equal(brokenRuntime(PINNED_DENO), undefined);
});

const ROOT = new URL("../../", import.meta.url);

for (const file of ["README.md", "deploy/Dockerfile"]) {
  Deno.test(`every Deno version in ${file} is the pinned one`, async () => {
    const text = await readIfPresent(new URL(file, ROOT));
    const named = text.matchAll(/\bdeno[@:](\d+\.\d+\.\d+)/g).map(([, version]) => version);
    assert.deepEqual([...new Set(named).add(PINNED_DENO)], [PINNED_DENO]);
  });
}

Deno.test("the CI workflow takes its Deno from .dvmrc", async () => {
  const text = await readIfPresent(new URL(".github/workflows/ci.yml", ROOT));
  assert.doesNotMatch(text, /^\s*deno-version:/m);
});

Deno.test("the CI workflow pins every action by the hash of its commit, as a tag can be moved", async () => {
  const text = await readIfPresent(new URL(".github/workflows/ci.yml", ROOT));
  for (const [line] of text.matchAll(/^.*\buses:.*$/gm)) assert.match(line, /@[0-9a-f]{40} # v\d/);
});

async function readIfPresent(file: URL): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}
