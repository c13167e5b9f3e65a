import assert from "node:assert/strict";
import { getContainerRuntimeClient } from "testcontainers";
import { dropBackingData, startBacking } from "../start.ts";
import { holdBacking, killRun } from "../testing/killed_run.ts";
import { dockerIsUsable, environmentFor } from "../testing/own_servers.ts";

const ignore = !await dockerIsUsable();

Deno.test("containers that a killed run left behind are removed by the next one", { ignore }, async () => {
  const temp = await Deno.makeTempDir();
  try {
    const env = { ...environmentFor("docker"), TMPDIR: temp };
    await killRun(await holdBacking({ source: "docker", env: { TMPDIR: temp } }));
    {
      await using _backing = await startBacking({ databases: [], env });
      assert.equal((await containersOf(temp)).length, 2);
    }
    assert.deepEqual(await containersOf(temp), []);
  } finally {
    await Deno.remove(temp, { recursive: true });
  }
});

Deno.test("volumes that a killed run used can be used by the next one", { ignore }, async () => {
  const dataDir = await Deno.makeTempDir();
  const env = environmentFor("docker");
  try {
    await killRun(await holdBacking({ source: "docker", dataDir }));
    {
      await using _backing = await startBacking({ databases: ["iam"], env, dataDir });
      assert.equal((await containersOf(dataDir)).length, 2);
    }
    assert.deepEqual(await containersOf(dataDir), []);
  } finally {
    await dropBackingData(dataDir, env);
    await Deno.remove(dataDir, { recursive: true });
  }
});

/** The containers, running or not, that runs have tied to a folder or to one inside it. */
async function containersOf(folder: string): Promise<string[]> {
  const { container } = await getContainerRuntimeClient();
  const containers = await container.dockerode.listContainers({ all: true });
  return containers.filter(({ Labels }) => Labels["rocket-factory.folder"]?.startsWith(folder)).map((
    { Id },
  ) => Id);
}
