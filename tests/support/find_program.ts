import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

/** The path of the first of these programs that is found; `undefined` if none is installed. */
export async function findProgram(...names: readonly string[]): Promise<string | undefined> {
  const folders = Deno.env.get("PATH")?.split(delimiter) ?? [];
  for (const path of folders.flatMap((folder) => names.map((name) => join(folder, name)))) {
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

/** A file that can't be accessed counts as missing. */
function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(() => true, () => false);
}
