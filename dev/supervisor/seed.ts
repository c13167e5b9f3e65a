import type { LogOutput } from "@rocket/platform/log";
import type { Variables } from "./environment.ts";
import { forwardLines } from "./log_lines.ts";

/** Inventory could not be filled; the message is what the seed said. */
export class SeedFailed extends Error {
  override readonly name = "SeedFailed";
}

/**
 * Fills inventory with the parts that the examples use; those already there stay as they are.
 *
 * @throws {SeedFailed}
 */
export async function seedInventory(root: URL, env: Variables, lines: LogOutput): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "inventory:seed"],
    cwd: root,
    env: { ...env, LOG_FORMAT: "json" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const words: string[] = [];
  const listener = { onOther: (line: string) => void words.push(line) };
  await Promise.all([child.stdout, child.stderr].map((s) => forwardLines("inventory", s, lines, listener)));
  const { success } = await child.status;
  if (!success) throw new SeedFailed(`inventory could not be filled with parts: ${words.join("\n")}`);
}
