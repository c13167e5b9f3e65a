import { startProcess } from "../support/process.ts";
import type { AttackName } from "./attacks.ts";
import type { AttackResult } from "./pace.ts";
import type { Target } from "./target.ts";

const PROGRAM = new URL("attack_once.ts", import.meta.url).href;

/** Runs an attack in a process of its own, so that it does not delay the clients that are observed. */
export async function runAttack(name: AttackName, target: Target): Promise<AttackResult> {
  const args = ["run", "--quiet", "--allow-net", "--allow-env", "--allow-sys", PROGRAM];
  await using attacker = startProcess(Deno.execPath(), [...args, name, JSON.stringify(target)]);
  const [result] = await attacker.waitForLine(/^\{.*\}$/);
  // What the program prints is what `attack` returns.
  return JSON.parse(result) as AttackResult;
}
