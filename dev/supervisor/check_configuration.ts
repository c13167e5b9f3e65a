import { backingVariables, DATABASES } from "./backing_variables.ts";
import type { Variables } from "./environment.ts";
import { permissionFlags, UnusableConfig } from "./flags.ts";
import { SERVICE_NAMES } from "./services.ts";

/** Stand in for the stores that are yet to be started. */
const PLACEHOLDERS = backingVariables({
  postgresUrls: Object.fromEntries(DATABASES.map((name) => [name, `postgres://127.0.0.1/${name}`])),
  redisUrl: "redis://127.0.0.1",
});

/**
 * Asks every service whether it could run under an environment, before anything is started.
 *
 * @throws {UnusableConfig} once for all of them, with each bad variable named once.
 */
export async function checkConfiguration(root: URL, env: Variables): Promise<void> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const answers = await Promise.allSettled(
    SERVICE_NAMES.map((name) => permissionFlags(name, root, { ...PLACEHOLDERS, ...given })),
  );
  // Services share variables, and so they share complaints.
  const complaints = new Set<string>();
  for (const answer of answers) {
    if (answer.status === "fulfilled") continue;
    if (!(answer.reason instanceof UnusableConfig)) throw answer.reason;
    for (const line of answer.reason.message.split("\n")) complaints.add(line);
  }
  if (complaints.size > 0) throw new UnusableConfig([...complaints].join("\n"));
}
