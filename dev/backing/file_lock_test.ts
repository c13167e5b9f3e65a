import assert from "node:assert/strict";
import { holdDataDir } from "./data_dir.ts";
import { DataInUse } from "./errors.ts";
import { lockFile, tryLockFile } from "./file_lock.ts";

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
    await first[Symbol.asyncDispose]();
    await (await second)[Symbol.asyncDispose]();
  }));

Deno.test("a second user of a data folder is told which process works with it", () =>
  inTempFolder(async (folder) => {
    await using _held = await holdDataDir(folder);
    await assert.rejects(holdDataDir(folder), new DataInUse(folder, String(Deno.pid)));
  }));

Deno.test("a data folder is free again after its user is done", () =>
  inTempFolder(async (folder) => {
    await (await holdDataDir(folder))[Symbol.asyncDispose]();
    await (await holdDataDir(folder))[Symbol.asyncDispose]();
  }));
