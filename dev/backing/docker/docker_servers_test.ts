import assert from "node:assert/strict";
import { getContainerRuntimeClient } from "testcontainers";
import { dropBackingData, startBacking } from "../start.ts";
import { holdBacking, killRun } from "../testing/killed_run.ts";
import { dockerIsUsable, environmentFor, temporaryFolder } from "../testing/own_servers.ts";

const ignore = !await dockerIsUsable();

/** The stores of the tests that hold for every kind. */
const STORES = ["postgres", "redis"] as const;

Deno.test("volumes that a killed run used can be used by the next one", { ignore }, async () => {
  await using stack = new AsyncDisposableStack();
  const { path: dataDir } = stack.use(await temporaryFolder());
  stack.defer(() => dropBackingData(dataDir));
  await killRun(await holdBacking({ source: "docker", stores: STORES, dataDir }));
  {
    await using _backing = await startBacking({
      databases: ["iam"],
      stores: STORES,
      env: environmentFor("docker"),
      dataDir,
    });
    assert.equal((await containersOf(dataDir)).length, 2);
  }
  assert.deepEqual(await containersOf(dataDir), []);
});

/** The containers, running or not, that a run has tied to its data folder. */
async function containersOf(folder: string): Promise<unknown[]> {
  const { container } = await getContainerRuntimeClient();
  const filters = { label: [`rocket-factory.folder=${folder}`] };
  return await container.dockerode.listContainers({ all: true, filters });
}

Deno.test("an engine that does not answer is given up, and the error says so", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1" });
  const program = new URL("../testing/killed_run.ts", import.meta.url).pathname;
  const run = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", program, "docker", "", ...STORES],
    env: { DOCKER_HOST: `tcp://127.0.0.1:${silent.addr.port}` },
    stdout: "null",
    stderr: "piped",
  });
  const { success, stderr } = await run.output();
  assert.equal(success, false);
  assert.match(new TextDecoder().decode(stderr), /containers of a Docker engine: no Docker engine answers/);
});
