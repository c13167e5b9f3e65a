import { askRedis } from "../redis_answers.ts";
import { redisSettings } from "../redis_settings.ts";
import { newSecret } from "../secret.ts";
import type { StartedRedis } from "../way.ts";
import { type Address, type ContainerKeep, startContainer } from "./container.ts";

const SETTINGS_FILE = "/etc/rocket-redis.conf";

/** A Redis in a container, answering, its password new. */
export async function startRedis(image: string, keep: ContainerKeep): Promise<StartedRedis> {
  const password = newSecret();
  const data = "/data";
  const plan = {
    title: "Redis",
    image,
    port: 6379,
    command: [SETTINGS_FILE],
    environment: {},
    // In the container's own network: what reaches it from outside is decided where the port is published.
    files: [{
      content: redisSettings({ bind: "* -::*", port: 6379, password, folder: data }),
      target: SETTINGS_FILE,
      // The image gives up root before it reads this.
      mode: 0o644,
    }],
    data,
  };
  const urlAt = ({ host, port }: Address) => `redis://:${password}@${host}:${port}`;
  const { server, address } = await startContainer(plan, keep, (address) => askRedis(urlAt(address)));
  return { server, url: urlAt(address) };
}
