import assert from "node:assert/strict";
import { type GuardFiles, withoutServices } from "./apt.ts";
import { exists } from "./files.ts";
import { temporaryFolder } from "./testing/own_servers.ts";

const OWN_POLICY = "#!/bin/sh\nexit 0\n";

async function withFiles(test: (files: GuardFiles) => Promise<void>): Promise<void> {
  await using folder = await temporaryFolder();
  await test({ policy: `${folder.path}/policy-rc.d`, cluster: `${folder.path}/createcluster.d/ours.conf` });
}

Deno.test("no service starts and no cluster is made while packages are installed", () =>
  withFiles(async (files) => {
    await using _guard = await withoutServices(files);
    const { code } = await new Deno.Command(files.policy).output();
    assert.equal(code, 101);
    assert.equal(await Deno.readTextFile(files.cluster), "create_main_cluster = false\n");
  }));

Deno.test("a machine without a policy has none after the installation", () =>
  withFiles(async (files) => {
    await (await withoutServices(files))[Symbol.asyncDispose]();
    assert.equal(await exists(files.policy), false);
    assert.equal(await exists(files.cluster), false);
  }));

Deno.test("a machine's own policy is restored after the installation, and can still be run", () =>
  withFiles(async (files) => {
    await Deno.writeTextFile(files.policy, OWN_POLICY, { mode: 0o750 });
    await (await withoutServices(files))[Symbol.asyncDispose]();
    assert.equal(await Deno.readTextFile(files.policy), OWN_POLICY);
    assert.equal(((await Deno.stat(files.policy)).mode ?? 0) & 0o777, 0o750);
  }));

Deno.test("a machine's own policy is restored even if an earlier run was killed half way", () =>
  withFiles(async (files) => {
    await Deno.writeTextFile(files.policy, OWN_POLICY, { mode: 0o755 });
    await withoutServices(files);
    await (await withoutServices(files))[Symbol.asyncDispose]();
    assert.equal(await Deno.readTextFile(files.policy), OWN_POLICY);
  }));
