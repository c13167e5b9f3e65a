import assert from "node:assert/strict";
import { startProcess } from "../support/process.ts";
import { startSystem } from "../support/system.ts";

const ROOT = new URL("../../", import.meta.url);

/** How long a block may take, a first download by npx included, in milliseconds. */
const PATIENCE_MS = 60_000;

/** A command block that is marked as runnable, with what it says that it prints. */
interface RunnableBlock {
  readonly commands: string;
  /** The comments that show output, in order; `…` stands for anything. */
  readonly expected: readonly string[];
}

const blocks = runnableBlocks(await Deno.readTextFile(new URL("README.md", ROOT)));

Deno.test("the README has command blocks to run", () => {
  assert.ok(blocks.length > 0);
  for (const { expected } of blocks) assert.ok(expected.length > 0);
});

Deno.test("every runnable block of the README prints what it says", async (t) => {
  await using system = await startSystem();
  await system.seedParts();
  for (const [index, { commands, expected }] of blocks.entries()) {
    await t.step(`block ${index + 1}`, async () => {
      const script = commands.replaceAll("http://127.0.0.1:8080", system.orderUrl);
      await using shell = startProcess("bash", ["-euo", "pipefail", "-c", script], {
        cwd: ROOT,
        env: {
          IAM_GRPC_TARGET: system.variable("IAM_GRPC_TARGET"),
          INVENTORY_GRPC_TARGET: system.variable("INVENTORY_GRPC_TARGET"),
        },
      });
      for (const line of expected) await shell.waitForLine(patternOf(line), PATIENCE_MS);
      assert.equal((await shell.waitForExit(PATIENCE_MS)).code, 0);
    });
  }
});

function runnableBlocks(markdown: string): readonly RunnableBlock[] {
  return [...markdown.matchAll(/^```sh runnable\n(.*?)^```$/gms)].map(([, commands = ""]) => ({
    commands,
    expected: [...commands.matchAll(/^# (\{.*)$/gm)].map(([, shown = ""]) => shown),
  }));
}

function patternOf(shown: string): RegExp {
  return new RegExp(`^${shown.split("…").map((text) => RegExp.escape(text)).join(".*")}$`);
}
