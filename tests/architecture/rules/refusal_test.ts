import assert from "node:assert/strict";
import { violationsOf } from "../fixture.ts";
import { mainsRefuseFirst, tasksRefuse } from "./refusal.ts";

const GUARD = 'import "@rocket/platform/refuse-broken-runtime";\n';
const OTHER = 'import { runService } from "@rocket/platform/service";\n';

Deno.test("a main.ts that imports the guard first is allowed, and so is any other file without it", () => {
  const files = { "iam/main.ts": GUARD + OTHER, "iam/app.ts": OTHER, "iam/service/main.ts": OTHER };
  assert.deepEqual(violationsOf(mainsRefuseFirst, files), []);
});

Deno.test("a main.ts without the guard, or with another import before it, is reported", () => {
  for (const text of [OTHER, OTHER + GUARD]) {
    assert.deepEqual(violationsOf(mainsRefuseFirst, { "dev/main.ts": text }), [
      "dev/main.ts:1: must import @rocket/platform/refuse-broken-runtime first",
    ]);
  }
});

function violationsOfTasks(tasks: Readonly<Record<string, string>>): readonly string[] {
  const entries = Object.entries(tasks).map(([name, command]) => [name, { command }]);
  return violationsOf(tasksRefuse, { "deno.json": JSON.stringify({ tasks: Object.fromEntries(entries) }) });
}

const GUARDED = {
  dev: "deno run --allow-net --allow-run=git dev/main.ts",
  test: "deno run platform/service/refuse_broken.ts test && deno test",
  ok: "deno run platform/service/refuse_broken.ts ok && deno run .ci/ok.ts",
};

Deno.test("a task may run a main.ts, or anything after the guard", () => {
  assert.deepEqual(violationsOfTasks({ ...GUARDED, bench: "deno bench" }), []);
});

Deno.test("a task that does not run the guard first is reported", () => {
  const commands = [
    "deno test",
    "deno test && deno run platform/service/refuse_broken.ts test && deno test",
    "deno run platform/service/refuse_broken.ts ok && deno test",
    "deno run .ci/ok.ts && deno run dev/main.ts",
  ];
  for (const command of commands) {
    assert.deepEqual(violationsOfTasks({ ...GUARDED, test: command }), [
      "deno.json: task test must begin with: deno run platform/service/refuse_broken.ts test &&",
    ]);
  }
});

Deno.test("a task that no longer exists is reported", () => {
  const { dev: _removed, ...others } = GUARDED;
  assert.equal(violationsOfTasks(others).length, 1);
});
