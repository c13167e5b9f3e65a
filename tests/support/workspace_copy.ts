import { fileURLToPath, pathToFileURL } from "node:url";

/** A copy of the files that the services and `dev` need, which a test may change. Disposing removes it. */
export interface WorkspaceCopy extends AsyncDisposable {
  readonly root: URL;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What is needed besides the workspace members; of the tests only their `deno.json`, which the workspace lists. */
const OTHER_FILES = ["deno.json", "deno.lock", ".dvmrc", "migrations", "tests/deno.json"];

/** Copies the workspace. */
export async function copyWorkspace(): Promise<WorkspaceCopy> {
  const copy = await Deno.makeTempDir({ prefix: "rocket-workspace-" });
  const { workspace } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const members = (workspace as readonly string[]).filter((path) => path !== "./tests");
  await Deno.mkdir(`${copy}/tests`);
  for (const path of [...members, ...OTHER_FILES]) {
    await new Deno.Command("cp", { args: ["-r", `${ROOT}${path}`, `${copy}/${path}`] }).output();
  }
  return {
    root: pathToFileURL(`${copy}/`),
    async [Symbol.asyncDispose]() {
      await Deno.remove(copy, { recursive: true });
      await removeCompiled(copy);
    },
  };
}

/** Removes what Deno compiled from the copy, which would never be used again. */
async function removeCompiled(copy: string): Promise<void> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { typescriptCache } = JSON.parse(new TextDecoder().decode(stdout));
  try {
    await Deno.remove(`${typescriptCache}/file${copy}`, { recursive: true });
  } catch (error) {
    // The folder does not exist if the copy was checked and never run.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
