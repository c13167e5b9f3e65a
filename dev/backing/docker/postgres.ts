import { askPostgres, SUPERUSER } from "../databases.ts";
import type { StartedPostgres } from "../way.ts";
import { type ContainerKeep, startContainer } from "./container.ts";

/** A Postgres in a container, answering. */
export async function startPostgres(
  image: string,
  password: string,
  keep: ContainerKeep,
): Promise<StartedPostgres> {
  const settings = {
    max_connections: 200,
    // Without it a killed Postgres still loses nothing; a power cut may, and takes throw-away data with it.
    ...(keep.lastingName === undefined ? { fsync: "off" } : {}),
  };
  const plan = {
    title: "Postgres",
    image,
    port: 5432,
    command: Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    environment: { POSTGRES_USER: SUPERUSER, POSTGRES_PASSWORD: password, POSTGRES_DB: "postgres" },
    files: [],
    data: "/var/lib/postgresql/data",
  };
  const { server, address } = await startContainer(
    plan,
    keep,
    (address) => askPostgres({ ...address, password }),
  );
  return { server, admin: { ...address, password } };
}
