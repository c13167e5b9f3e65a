import assert from "node:assert/strict";
import { denoFlags, redisUrl } from "@rocket/platform/config";
import { createAuthority, HAS_OPENSSL } from "@rocket/platform/testing/certificates";
import { eventually } from "@rocket/platform/testing/eventually";
import { startProcess } from "../../support/process.ts";
import { findRedisServer, REDIS_PASSWORD, RedisServers } from "../../support/redis_servers.ts";

const redisServer = await findRedisServer() ?? "";

const PROGRAM = new URL("programs/redis_ping.ts", import.meta.url).href;

/** Writes and reads at a URL, in a program with the permissions that follow from it. */
async function reach(url: string, certificateOf: string | undefined, patienceMs = 30_000): Promise<string> {
  const variables = { redis: redisUrl("REDIS_URL") } as const;
  const flags = denoFlags(variables, (name) => name === variables.redis.name ? url : undefined);
  const trust = certificateOf === undefined ? [] : [`--cert=${certificateOf}`];
  const args = ["run", "--quiet", ...flags, ...trust, PROGRAM, url, String(patienceMs)];
  await using program = startProcess(Deno.execPath(), args);
  const { code } = await program.waitForExit();
  assert.equal(code, 0, program.output.join("\n"));
  return program.output.join("\n");
}

Deno.test({
  name: "one server, the master that Sentinels name and a cluster are reached by TLS, if they can be trusted",
  // Needs both programs on this machine.
  ignore: redisServer === "" || !HAS_OPENSSL,
  fn: async () => {
    await using owned = new AsyncDisposableStack();
    const authority = owned.use(await createAuthority());
    const certificate = await authority.issue("IP:127.0.0.1");
    const servers = owned.use(new RedisServers(redisServer, certificate));
    const [master, node] = await Promise.all([
      servers.start(),
      servers.start({ "cluster-enabled": "yes", "tls-cluster": "yes", "cluster-announce-ip": "127.0.0.1" }),
    ]);
    const sentinel = await servers.startSentinel({
      "sentinel monitor": `sessions 127.0.0.1 ${master.port} 1`,
      "sentinel auth-pass": `sessions ${REDIS_PASSWORD}`,
    });
    await node.admin.call("CLUSTER", "ADDSLOTSRANGE", 0, 16_383);
    await eventually(async () => assert.match(String(await node.admin.cluster("INFO")), /cluster_state:ok/));

    const login = `:${REDIS_PASSWORD}@127.0.0.1`;
    const single = `rediss://${login}:${master.port}`;
    const sentinels =
      `rediss+sentinel://${login}:${sentinel.port}/sessions?sentinelPassword=${REDIS_PASSWORD}`;
    const cluster = `rediss+cluster://${login}:${node.port}`;
    const trusted = [single, sentinels, cluster].map((url) => reach(url, certificate.ca));
    const untrusted = [single, sentinels, cluster].map((url) => reach(url, undefined, 500));
    assert.deepEqual(await Promise.all(trusted), ["value", "value", "value"]);
    for (const outcome of await Promise.all(untrusted)) assert.match(outcome, /failed: Unavailable/);
  },
});
