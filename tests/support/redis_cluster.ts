import assert from "node:assert/strict";
import { freePort } from "@rocket/platform/free-port";
import { eventually } from "@rocket/platform/testing/eventually";
import { infoOf, REDIS_PASSWORD, type RedisServer, RedisServers } from "./redis_servers.ts";

const SLOTS = 16_384;
const MASTERS = 3;

/** How long a master may be silent before the others replace it, in milliseconds. */
const NODE_TIMEOUT_MS = 1_500;

/** Three masters, each with a replica. */
export interface RedisCluster extends AsyncDisposable {
  readonly url: string;
  readonly password: string;
  readonly masters: readonly RedisServer[];
  /** The replica of each master. */
  readonly replicas: readonly RedisServer[];
  /** The master that a key's slot belonged to at the start, by its index. */
  masterOf(key: string): Promise<number>;
  /**
   * Moves a key's slot to another master, one key after the other.
   *
   * @param between Runs before the first key is moved, after each one, and before the new owner is announced.
   */
  moveSlotOf(key: string, to: number, between: () => Promise<void>): Promise<void>;
}

/** Starts a real cluster, and waits until it serves all slots and every replica follows its master. */
export async function startRedisCluster(program: string): Promise<RedisCluster> {
  await using owned = new AsyncDisposableStack();
  const servers = owned.use(new RedisServers(program));
  const start = async () => {
    const busPort = freePort();
    const server = await servers.start({
      "cluster-enabled": "yes",
      "cluster-node-timeout": String(NODE_TIMEOUT_MS),
      "cluster-require-full-coverage": "no",
      "cluster-port": String(busPort),
    });
    return { ...server, busPort, id: String(await server.admin.cluster("MYID")) };
  };
  const nodes = await Promise.all(Array.from({ length: 2 * MASTERS }, start));
  const [masters, replicas] = [nodes.slice(0, MASTERS), nodes.slice(MASTERS)];
  const [first] = nodes;
  assert.ok(first);
  await Promise.all(nodes.map(async ({ admin }, index) => {
    await admin.call("CLUSTER", "SET-CONFIG-EPOCH", index + 1);
    if (index === 0) return;
    await admin.call("CLUSTER", "MEET", "127.0.0.1", first.port, first.busPort);
  }));
  await Promise.all(masters.map(({ admin }, index) => {
    const [from, to] = [firstSlot(index), firstSlot(index + 1) - 1];
    return admin.call("CLUSTER", "ADDSLOTSRANGE", from, to);
  }));
  await Promise.all(replicas.map(({ admin }, index) =>
    // It can follow its master once it has heard of it.
    eventually(() => admin.call("CLUSTER", "REPLICATE", masters[index]?.id ?? ""))
  ));
  await eventually(async () => {
    for (const node of nodes) {
      const info = String(await node.admin.cluster("INFO"));
      assert.match(info, /cluster_state:ok\r\n(.*\r\n)*cluster_known_nodes:6/);
    }
    for (const replica of replicas) {
      assert.equal(await infoOf(replica, "replication", "master_link_status"), "up");
    }
    for (const master of masters) {
      assert.match(await infoOf(master, "replication", "slave0"), /state=online/);
    }
  });
  const running = owned.move();
  const slotOf = async (key: string) => Number(await first.admin.cluster("KEYSLOT", key));
  const masterOf = async (key: string) => {
    const slot = await slotOf(key);
    return masters.findIndex((_, index) => slot < firstSlot(index + 1));
  };
  return {
    password: REDIS_PASSWORD,
    // Masters are named, and what they announce is listed, so that services get permissions for exactly these.
    url: `redis+cluster://:${REDIS_PASSWORD}@${addressesOf(masters)}?nodes=${addressesOf(replicas)}`,
    masters,
    replicas,
    masterOf,
    async moveSlotOf(key, to, between) {
      const slot = await slotOf(key);
      const [source, target] = [masters[await masterOf(key)], masters[to]];
      assert.ok(source && target && source !== target);
      await target.admin.call("CLUSTER", "SETSLOT", slot, "IMPORTING", source.id);
      await source.admin.call("CLUSTER", "SETSLOT", slot, "MIGRATING", target.id);
      await between();
      for (let moved; (moved = await source.admin.call("CLUSTER", "GETKEYSINSLOT", slot, 1));) {
        if (!Array.isArray(moved) || moved.length === 0) break;
        const address = ["127.0.0.1", target.port, "", 0, 5_000] as const;
        await source.admin.call("MIGRATE", ...address, "AUTH", REDIS_PASSWORD, "KEYS", ...moved.map(String));
        await between();
      }
      for (const { admin } of [target, source]) {
        await admin.call("CLUSTER", "SETSLOT", slot, "NODE", target.id);
      }
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

function firstSlot(master: number): number {
  return Math.floor(SLOTS / MASTERS) * master + (master === MASTERS ? SLOTS % MASTERS : 0);
}

function addressesOf(servers: readonly RedisServer[]): string {
  return servers.map(({ port }) => `127.0.0.1:${port}`).join(",");
}
