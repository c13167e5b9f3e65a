import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "../log/logger.ts";

/** One numbered migration of a folder. */
export interface MigrationFile {
  /** Its file name, e.g. `001_users.ts`. */
  readonly name: string;
  readonly path: string;
  /** SHA-256 of its text in base64url, the same for every style of line ending. */
  readonly hash: string;
}

/** Lists a folder's migrations by number. Anything else, such as an editor's lock or copy, is ignored and logged. */
export async function listMigrations(directory: string, log: Logger): Promise<readonly MigrationFile[]> {
  const all = await readdir(directory);
  const ignored = all.filter((name) => !MIGRATION.test(name));
  if (ignored.length > 0) log.warn({ directory, ignored }, "files that are not migrations ignored");
  const names = all.filter((name) => MIGRATION.test(name));
  names.sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  return await Promise.all(names.map(async (name) => {
    const path = join(directory, name);
    return { name, path, hash: hashOf(await readFile(path, "utf8")) };
  }));
}

const MIGRATION = /^[0-9]+_[A-Za-z0-9_-]+\.ts$/;

/** A checkout on Windows may end lines with CRLF, and editors there add a byte order mark. */
function hashOf(text: string): string {
  const canonical = text.replace(/^\uFEFF/, "").replaceAll(/\r\n?/g, "\n");
  return createHash("sha256").update(canonical).digest("base64url");
}
