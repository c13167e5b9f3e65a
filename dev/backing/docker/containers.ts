import { getContainerRuntimeClient } from "testcontainers";
import type { ServerName } from "../backing.ts";
import { throwAwayHome } from "../local/home.ts";
import { newSecret } from "../secret.ts";
import { type ServerOrder, type StartedServers, startTogether } from "../way.ts";
import { imagesOf, needImage, needReaper } from "./images.ts";
import { keepVolumes, volumeName } from "./kept.ts";
import { orUnavailable } from "./or_unavailable.ts";
import { ownerLabels, removeAbandoned } from "./owner.ts";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";

/**
 * Starts a container for each server that is needed.
 *
 * @throws {import("../errors.ts").WayUnavailable} when an image can't be had
 */
export async function startContainers({ needs, env, dataDir, say }: ServerOrder): Promise<StartedServers> {
  const client = await orUnavailable("testcontainers finds no engine", getContainerRuntimeClient);
  const images = imagesOf(env);
  for (const server of needs) await needImage(client, images[server], say);
  if (dataDir === undefined) await needReaper(client);

  await using stack = new AsyncDisposableStack();
  const folder = dataDir ?? stack.use(await throwAwayHome(env["TMPDIR"], undefined)).folder;
  await removeAbandoned(client);
  const kept = dataDir === undefined ? undefined : await keepVolumes(dataDir);
  const keepOf = (server: ServerName) => ({
    client,
    lastingName: kept && volumeName(kept, server),
    labels: ownerLabels(folder),
  });
  say(`starting containers of ${[...needs].map((server) => images[server]).join(" and ")}`);
  const password = kept?.postgresPassword ?? newSecret();
  return await startTogether(
    needs.has("postgres") ? startPostgres(images.postgres, password, keepOf("postgres")) : undefined,
    needs.has("redis") ? startRedis(images.redis, keepOf("redis")) : undefined,
    stack,
  );
}
