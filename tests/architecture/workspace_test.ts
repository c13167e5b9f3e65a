import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readWorkspace } from "./workspace.ts";

async function git(root: string, ...args: readonly string[]): Promise<void> {
  const { success } = await new Deno.Command("git", { args: [...args], cwd: root, stdout: "null" }).output();
  assert.ok(success, args.join(" "));
}

Deno.test("a workspace has tracked and untracked files, and no ignored or deleted ones", async () => {
  const root = await mkdtemp(join(tmpdir(), "rocket-workspace-"));
  try {
    await git(root, "init", "--quiet");
    await mkdir(join(root, "iam"));
    await writeFile(join(root, ".gitignore"), "ignored.ts\n");
    for (const file of ["iam/tracked.ts", "deleted.ts", "ignored.ts", "new.ts"]) {
      await writeFile(join(root, file), "export {};\n");
    }
    await git(root, "add", "iam/tracked.ts", "deleted.ts", ".gitignore");
    await rm(join(root, "deleted.ts"));

    const { files, modules } = await readWorkspace(root);

    assert.deepEqual([...files.keys()].sort(), [".gitignore", "iam/tracked.ts", "new.ts"]);
    assert.deepEqual(modules.map(({ path }) => path).sort(), ["iam/tracked.ts", "new.ts"]);
  } finally {
    await rm(root, { recursive: true });
  }
});

Deno.test("a folder that is not a git work tree is refused", async () => {
  const root = await mkdtemp(join(tmpdir(), "rocket-workspace-"));
  try {
    await assert.rejects(readWorkspace(root), /git can't list the files/);
  } finally {
    await rm(root, { recursive: true });
  }
});
