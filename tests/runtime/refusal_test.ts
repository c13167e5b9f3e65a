import { SERVICE_NAMES } from "@rocket/dev";
import { PINNED_DENO } from "@rocket/platform/runtime";
import assert from "node:assert/strict";
import { startProcess } from "../support/process.ts";

const PROGRAM = new URL("peers/guarded.ts", import.meta.url).href;
const FAKE_VERSION = new URL("peers/fake_version.ts", import.meta.url).href;
const ROOT = new URL("../../", import.meta.url);

Deno.test("a broken version of Deno is refused, without any permission, in one line that names the command to use", async () => {
  await using program = startProcess(Deno.execPath(), ["run", "--no-prompt", PROGRAM, "2.9.5"]);
  await program.waitForLine(/ use: /);
  assert.equal((await program.waitForExit()).code, 1);
  assert.deepEqual(program.output, [
    "Deno 2.9.5 aborts when an HTTP/2 peer closes its connection (denoland/deno#36788); " +
    `use: npx -y deno@${PINNED_DENO} task dev --fresh`,
  ]);
});

Deno.test("a version of Deno without known faults is accepted", async () => {
  await using program = startProcess(Deno.execPath(), ["run", "--no-prompt", PROGRAM, "2.9.7"]);
  await program.waitForLine(/^loaded/);
  assert.equal((await program.waitForExit()).code, 0);
});

const guarded = [
  ...[...SERVICE_NAMES, "dev"].map((member) => ({ program: `${member}/main.ts`, args: [], task: "dev" })),
  { program: "dev/main.ts", args: ["--fresh"], task: "dev --fresh" },
  {
    program: "platform/service/refuse_broken.ts",
    args: ["test", "tests/runtime"],
    task: "test tests/runtime",
  },
];

for (const { program, args, task } of guarded) {
  Deno.test(`${[program, ...args].join(" ")} refuses a broken version of Deno before it needs any permission`, async () => {
    const command = ["run", "--no-prompt", "--quiet", "--preload", FAKE_VERSION, program, ...args];
    await using refused = startProcess(Deno.execPath(), command, { cwd: ROOT });
    await refused.waitForLine(/ use: /);
    assert.equal((await refused.waitForExit()).code, 1);
    assert.deepEqual(refused.output, [
      "Deno 2.9.5 aborts when an HTTP/2 peer closes its connection (denoland/deno#36788); " +
      `use: npx -y deno@${PINNED_DENO} task ${task}`,
    ]);
  });
}
