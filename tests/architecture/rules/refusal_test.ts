import assert from "node:assert/strict";
import { breaches } from "../fixture.ts";
import { mainsRefuseFirst, tasksRefuse } from "./refusal.ts";

const GUARD = 'import "@rocket/platform/refuse-broken-runtime";\n';
const OTHER = 'import { runService } from "@rocket/platform/service";\n';

Deno.test("a main.ts that imports the guard first is fine, and so is any other file without it", () => {
  const files = { "iam/main.ts": GUARD + OTHER, "iam/app.ts": OTHER, "iam/service/main.ts": OTHER };
  assert.deepEqual(breaches(mainsRefuseFirst, files), []);
});

Deno.test("a main.ts without the guard, or that first imports something else, is a breach", () => {
  for (const text of [OTHER, OTHER + GUARD]) {
    assert.deepEqual(breaches(mainsRefuseFirst, { "dev/main.ts": text }), [
      "dev/main.ts:1: must import @rocket/platform/refuse-broken-runtime first",
    ]);
  }
});

function breachesOfTasks(tasks: Readonly<Record<string, string>>): readonly string[] {
  const described = Object.entries(tasks).map(([name, command]) => [name, { command }]);
  return breaches(tasksRefuse, { "deno.json": JSON.stringify({ tasks: Object.fromEntries(described) }) });
}

const GUARDED = {
  dev: "deno run --allow-net --allow-run=git dev/main.ts",
  test: "deno run platform/service/refuse_broken.ts test && deno test",
  ok: "deno run platform/service/refuse_broken.ts ok && deno run .ci/ok.ts",
};

Deno.test("a task may run a main.ts, or the guard and then anything", () => {
  assert.deepEqual(breachesOfTasks({ ...GUARDED, bench: "deno bench" }), []);
});

Deno.test("a task that does not have the guard run first is a breach", () => {
  const commands = [
    "deno test",
    "deno test && deno run platform/service/refuse_broken.ts test && deno test",
    "deno run platform/service/refuse_broken.ts ok && deno test",
    "deno run .ci/ok.ts && deno run dev/main.ts",
  ];
  for (const command of commands) {
    assert.deepEqual(breachesOfTasks({ ...GUARDED, test: command }), [
      "deno.json: task test must begin with: deno run platform/service/refuse_broken.ts test &&",
    ]);
  }
});

Deno.test("a task that has gone is missed", () => {
  const { dev: _gone, ...others } = GUARDED;
  assert.equal(breachesOfTasks(others).length, 1);
});
