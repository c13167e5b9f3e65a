import { dirname } from "node:path";
import { exists } from "../exists.ts";

/** Files by which Debian's packages are told what to leave alone while they are installed. */
export interface GuardFiles {
  readonly policy: string;
  readonly cluster: string;
}

const DEBIAN: GuardFiles = {
  policy: "/usr/sbin/policy-rc.d",
  cluster: "/etc/postgresql-common/createcluster.d/rocket-factory.conf",
};

// 101 is "action not allowed" to invoke-rc.d and deb-systemd-invoke.
const POLICY =
  "#!/bin/sh\n# Rocket Factory installs programs, not services. Removed when it is done.\nexit 101\n";

/**
 * Until disposed, packages that are installed start no service and make no Postgres cluster; then the machine's own
 * policy is back as it was. A run that was killed before that is made good by the next one.
 */
export async function withoutServices(files: GuardFiles = DEBIAN): Promise<AsyncDisposable> {
  const saved = `${files.policy}.before-rocket-factory`;
  // Ours, left by a run that was killed, is not the machine's.
  const isMachines = await exists(files.policy) && await Deno.readTextFile(files.policy) !== POLICY;
  if (isMachines) await Deno.rename(files.policy, saved);
  await Deno.writeTextFile(files.policy, POLICY, { mode: 0o755 });
  await Deno.mkdir(dirname(files.cluster), { recursive: true });
  await Deno.writeTextFile(files.cluster, "create_main_cluster = false\n");
  return {
    async [Symbol.asyncDispose]() {
      await Deno.remove(files.cluster);
      await Deno.remove(files.policy);
      if (await exists(saved)) await Deno.rename(saved, files.policy);
    },
  };
}
