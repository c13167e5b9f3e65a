import { createLogger } from "@rocket/platform/log";
import { migrate } from "@rocket/platform/postgres";

/**
 * Runs a service's migrations up to one, as an earlier release did.
 *
 * @param end The first that is not run: a name, or how it begins.
 */
export async function migrateBefore(end: string, migrations: string, url: string): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "migrations-" });
  const log = createLogger({ service: "test", level: "silent", format: "json" });
  try {
    for await (const { name } of Deno.readDir(migrations)) {
      if (name < end) await Deno.copyFile(`${migrations}/${name}`, `${directory}/${name}`);
    }
    await migrate({ url, directory, log });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
