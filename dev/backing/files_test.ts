import assert from "node:assert/strict";
import { UnusableFolder } from "./errors.ts";
import { lockFile, makePassable, tryLockFile } from "./files.ts";

async function inTempFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a locked file can't be locked again until the lock is disposed", () =>
  inTempFolder(async (folder) => {
    const path = `${folder}/lock`;
    const first = await lockFile(path);
    assert.equal(await tryLockFile(path), undefined);
    const second = lockFile(path);
    first[Symbol.dispose]();
    (await second)[Symbol.dispose]();
  }));

Deno.test("a folder that an earlier run made too narrow is opened", () =>
  inTempFolder(async (folder) => {
    await Deno.mkdir(`${folder}/ours`, { mode: 0o700 });
    await makePassable(`${folder}/ours`);
    assert.equal(((await Deno.stat(`${folder}/ours`)).mode ?? 0) & 0o777, 0o711);
  }));

Deno.test("a folder that can't be made is named in one line", () =>
  inTempFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/file`, "");
    await assert.rejects(makePassable(`${folder}/file/ours`), (error) => {
      assert.ok(error instanceof UnusableFolder);
      assert.ok(error.message.startsWith(`can't use the folder ${folder}/file/ours: `));
      assert.ok(!error.message.includes("\n"));
      return true;
    });
  }));
