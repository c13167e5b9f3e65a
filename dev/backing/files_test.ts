import assert from "node:assert/strict";
import { UnusableFolder } from "./errors.ts";
import { exists, lockFile, makePassable, tryLockFile } from "./files.ts";
import { temporaryFolder } from "./testing/own_servers.ts";

Deno.test("a locked file can't be locked again until the lock is disposed", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/lock`;
  const first = await lockFile(path);
  assert.equal(await tryLockFile(path), undefined);
  const second = lockFile(path);
  first[Symbol.dispose]();
  (await second)[Symbol.dispose]();
});

Deno.test("a folder that an earlier run made too narrow is opened", async () => {
  await using folder = await temporaryFolder();
  await Deno.chmod(folder.path, 0o700);
  await makePassable(folder.path);
  assert.equal(((await Deno.stat(folder.path)).mode ?? 0) & 0o777, 0o711);
});

Deno.test("a folder that can't be made is named in one line", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/file/ours`;
  await Deno.writeTextFile(`${folder.path}/file`, "");
  await assert.rejects(makePassable(path), (error) => {
    assert.ok(error instanceof UnusableFolder);
    assert.ok(error.message.startsWith(`can't use the folder ${path}: `));
    assert.ok(!error.message.includes("\n"));
    return true;
  });
});

Deno.test(
  "what is in a folder that is closed to us counts as missing",
  { ignore: Deno.uid() === 0 },
  async () => {
    await using folder = await temporaryFolder();
    await Deno.writeTextFile(`${folder.path}/file`, "");
    await Deno.chmod(folder.path, 0o000);
    assert.equal(await exists(`${folder.path}/file`), false);
    await Deno.chmod(folder.path, 0o700);
  },
);
