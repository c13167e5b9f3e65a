import { fileURLToPath, pathToFileURL } from "node:url";

/** A copy of what the services and `dev` run from, which a test may change. Disposing removes it. */
export interface WorkspaceCopy extends AsyncDisposable {
  readonly root: URL;
}

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What is not a workspace member, and is needed all the same; of the suites only their name is. */
const OTHERS = ["deno.json", "deno.lock", ".dvmrc", "migrations", "tests/deno.json"];

/** Copies the workspace. */
export async function copyWorkspace(): Promise<WorkspaceCopy> {
  const copy = await Deno.makeTempDir({ prefix: "rocket-workspace-" });
  const { workspace } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  const members = (workspace as readonly string[]).filter((path) => path !== "./tests");
  await Deno.mkdir(`${copy}/tests`);
  for (const path of [...members, ...OTHERS]) {
    await new Deno.Command("cp", { args: ["-r", `${ROOT}${path}`, `${copy}/${path}`] }).output();
  }
  return {
    root: pathToFileURL(`${copy}/`),
    async [Symbol.asyncDispose]() {
      await Deno.remove(copy, { recursive: true });
      await forgetCompiled(copy);
    },
  };
}

/** Removes what Deno compiled from the copy, which nothing would ever ask for again. */
async function forgetCompiled(copy: string): Promise<void> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { typescriptCache } = JSON.parse(new TextDecoder().decode(stdout));
  try {
    await Deno.remove(`${typescriptCache}/file${copy}`, { recursive: true });
  } catch (error) {
    // The folder does not exist if the copy was checked and never run.
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
