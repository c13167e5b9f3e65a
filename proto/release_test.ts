import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ContractsCopy, copyContracts } from "./releasing/contracts_copy.ts";

const script = fileURLToPath(new URL("release.ts", import.meta.url));
const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--allow-run"];
const success = { code: 0, errors: "" };

Deno.test("releasing twice changes nothing", async () => {
  await using copy = await copyContracts();
  const once = await readReleased(copy);

  assert.deepEqual(await release(copy), success);
  assert.deepEqual(await readReleased(copy), once);
});

Deno.test("an addition may be removed until it is released, but not afterwards", async () => {
  await using copy = await copyContracts();
  const [file, last] = ["auth/v1/auth.proto", "string password = 2;"];
  const withDevice = `${last}\n  // The device.\n  string device = 3;`;

  await copy.replace(file, last, withDevice);
  assert.deepEqual(await release(copy, "--check"), success);
  await copy.replace(file, withDevice, last);
  assert.deepEqual(await release(copy, "--check"), success);

  await copy.replace(file, last, withDevice);
  assert.deepEqual(await release(copy), success);
  await copy.replace(file, withDevice, last);
  const { code, errors } = await release(copy, "--check");
  assert.equal(code, 1);
  assert.match(errors, /auth\.proto:.*"3" with name "device" on message "LoginRequest" was deleted/);
});

Deno.test("a break is released only with --breaking", async () => {
  await using copy = await copyContracts();
  const before = await readReleased(copy);
  await copy.changeDocument((document) => document.deleteIn(["paths", "/api/v1/orders"]));

  const { code, errors } = await release(copy);
  assert.equal(code, 1);
  assert.match(errors, /\/api\/v1\/orders/);
  assert.match(errors, /deno task contract:release --breaking/);
  assert.deepEqual(await readReleased(copy), before);

  assert.deepEqual(await release(copy, "--breaking"), success);
  assert.notDeepEqual(await readReleased(copy), before);
  assert.deepEqual(await release(copy, "--check"), success);
});

async function release(copy: ContractsCopy, ...args: readonly string[]) {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", ...permissions, script, ...args, copy.path],
    stdout: "null",
  }).output();
  return { code, errors: new TextDecoder().decode(stderr) };
}

function readReleased({ path }: ContractsCopy) {
  const files = ["contracts.binpb", "order/v1/order.openapi.yaml"];
  return Promise.all(files.map((file) => readFile(join(path, "released", file))));
}
