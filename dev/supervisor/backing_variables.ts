import type { Backing } from "../backing/backing.ts";
import type { Variables } from "./environment.ts";

/** The databases of the product, each owned by the service of its name. */
export const DATABASES = ["iam", "inventory", "order"] as const;

/** The variables by which the services find the servers that back them. */
export function backingVariables(
  { postgresUrls, redisUrl }: Pick<Backing, "postgresUrls" | "redisUrl">,
): Variables {
  const databases = DATABASES.map((name) => {
    const url = postgresUrls[name];
    if (url === undefined) throw new TypeError(`no database ${name} was asked for`);
    return [`${name.toUpperCase()}_POSTGRES_URL`, url];
  });
  return { ...Object.fromEntries(databases), IAM_REDIS_URL: redisUrl };
}
