import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Environment } from "../backing.ts";
import { makePassable, removeFolder } from "../files.ts";
import { WayUnavailable } from "../errors.ts";

const SUMS = new URL("jars.sha256", import.meta.url);
const POM = new URL("pom.xml", import.meta.url);

/** The version of the jars that {@linkcode bringJars} brings. */
export const KAFKA_VERSION = "4.4.0";

/** The folder that keeps the broker's jars between runs: for root one that other accounts can read. */
export function jarsFolder({ XDG_CACHE_HOME, HOME }: Environment): string {
  const cache = Deno.uid() === 0 ? "/var/cache" : XDG_CACHE_HOME || join(HOME || "/tmp", ".cache");
  return join(cache, "rocket-factory", `kafka-${KAFKA_VERSION}`);
}

/**
 * Brings the broker's jars by Maven into a folder, which exists only once all are complete and what we expect.
 *
 * @param runMaven Runs Maven with arguments.
 * @throws {WayUnavailable} if the files are not those whose sums are known.
 */
export async function bringJars(
  folder: string,
  runMaven: (...args: readonly string[]) => Promise<void>,
): Promise<void> {
  await makePassable(join(folder, ".."));
  const draft = `${folder}.new`;
  await removeFolder(draft);
  await Deno.mkdir(draft, { mode: 0o755 });
  try {
    await Deno.copyFile(POM, join(draft, "pom.xml"));
    const jars = join(draft, "jars");
    await runMaven(
      ...["--batch-mode", "--quiet", "--strict-checksums", "--file", join(draft, "pom.xml")],
      // A repository of its own, so that nothing but the jars is left.
      `-Dmaven.repo.local=${join(draft, "repository")}`,
      ...["dependency:copy-dependencies", "-DincludeScope=runtime", `-DoutputDirectory=${jars}`],
    );
    await checkSums(jars);
    await Deno.rename(jars, folder);
  } finally {
    await removeFolder(draft);
  }
}

/**
 * Checks that a folder has exactly the files that we expect.
 *
 * @throws {WayUnavailable} naming those that differ.
 */
export async function checkSums(folder: string): Promise<void> {
  const expected = new Map(
    (await Deno.readTextFile(SUMS)).trim().split("\n").map((line) => {
      const [sum = "", name = ""] = line.split(/\s+/);
      return [name, sum];
    }),
  );
  const found = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    found.set(name, createHash("sha256").update(await Deno.readFile(join(folder, name))).digest("hex"));
  }
  const names = new Set([...expected.keys(), ...found.keys()]);
  const wrong = [...names].filter((name) => expected.get(name) !== found.get(name));
  if (wrong.length > 0) {
    throw new WayUnavailable(`these jars of Kafka are not as expected: ${wrong.join(", ")}`);
  }
}
