import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Files, readExports } from "./deno_json.ts";
import { type Module, readModules } from "./module.ts";

/** What the rules check: all files, and the TypeScript modules among them with their imports. */
export interface Workspace {
  readonly files: Files;
  /** What members export, and the file behind it: `@rocket/iam/config` to `iam/config.ts`. */
  readonly exports: ReadonlyMap<string, string>;
  readonly modules: readonly Module[];
}

/**
 * Reads the workspace as `git add --all` would commit it: every tracked file, and untracked files that are not ignored.
 *
 * @throws {Error} when `root` is not a git work tree.
 */
export async function readWorkspace(root: string): Promise<Workspace> {
  const files = new Map<string, string>();
  for (const path of await listFiles(root)) {
    const text = await readFile(join(root, path), "utf8").catch(absentIfDeleted);
    if (text !== undefined) files.set(path, text);
  }
  const texts = new Map([...files].filter(([path]) => path.endsWith(".ts")));
  return { files, exports: readExports(files), modules: await readModules(root, texts) };
}

async function listFiles(root: string): Promise<readonly string[]> {
  const { success, stdout, stderr } = await new Deno.Command("git", {
    // The clone may belong to another user than the one who runs the tests; this only lists names.
    args: ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    cwd: root,
  }).output();
  if (!success) throw new Error(`git can't list the files of ${root}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout).split("\0").filter((path) => path !== "");
}

/** Git still lists a file that was deleted but not yet staged. */
function absentIfDeleted(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
