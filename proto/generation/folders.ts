import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";

/** A file that differs between two folders. */
export interface Difference {
  /** The file's path in its folder, with `/` between the parts. */
  readonly path: string;
  /** The text that the file should have; `undefined` if it should not exist. */
  readonly wanted: string | undefined;
  /** The text that the file has; `undefined` if it does not exist. */
  readonly found: string | undefined;
}

/** Compares two folders file by file, in the order of their paths. A folder that does not exist counts as empty. */
export async function compareFolders(wanted: string, found: string): Promise<readonly Difference[]> {
  const [wantedFiles, foundFiles] = await Promise.all([readFiles(wanted), readFiles(found)]);
  return [...new Set([...wantedFiles.keys(), ...foundFiles.keys()])].sort()
    .map((path) => ({ path, wanted: wantedFiles.get(path), found: foundFiles.get(path) }))
    .filter((difference) => difference.wanted !== difference.found);
}

/** Applies differences to a folder, touching only the files that differ, so that file watchers stay quiet. */
export async function applyDifferences(folder: string, differences: readonly Difference[]): Promise<void> {
  for (const { path, wanted } of differences) {
    const file = join(folder, path);
    if (wanted === undefined) {
      await rm(file);
    } else {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, wanted);
    }
  }
}

/** Reads all files of a folder, by their path in it. A folder that does not exist counts as empty. */
export async function readFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await listFolder(folder)) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(relative(folder, file).replaceAll(sep, "/"), await readFile(file, "utf8"));
  }
  return files;
}

async function listFolder(folder: string) {
  try {
    return await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
