import { CORE_SERVICES, type System } from "../support/system.ts";

/** Sets the peak memory of every service back to what it holds now; on Linux only. */
export async function resetPeaks(system: System): Promise<void> {
  for (const name of CORE_SERVICES) await shell(`echo 5 > /proc/${system.process(name).pid}/clear_refs`);
}

/** The largest peak of any service since then, in MiB; on Linux only. */
export async function peakMib(system: System): Promise<number> {
  const peaks = await Promise.all(CORE_SERVICES.map(async (name) => {
    const status = await shell(`cat /proc/${system.process(name).pid}/status`);
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024;
  }));
  return Math.max(...peaks);
}

/** Deno lets only programs with all permissions touch files in /proc. */
async function shell(script: string): Promise<string> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
  return new TextDecoder().decode(stdout);
}
