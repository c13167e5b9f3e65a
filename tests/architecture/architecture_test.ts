import assert from "node:assert/strict";
import { readDenoJson } from "./deno_json.ts";
import { formatViolation } from "./rule.ts";
import { RULES } from "./rules.ts";
import { readWorkspace } from "./workspace.ts";

const workspace = await readWorkspace(new URL("../../", import.meta.url).pathname);

Deno.test("the whole workspace is read: every member has modules", () => {
  const { workspace: members = [] } = readDenoJson(workspace.files, "deno.json");
  assert.notEqual(members.length, 0);
  for (const member of members.map((folder) => folder.replace("./", ""))) {
    assert.ok(workspace.modules.some(({ path }) => path.startsWith(`${member}/`)), member);
  }
});

Deno.test("every import of a workspace file points to an existing file", () => {
  const missing = workspace.modules.flatMap(({ path, imports }) =>
    imports.filter(({ target }) => target !== undefined && !workspace.files.has(target))
      .map(({ line, specifier }) => `${path}:${line}: ${specifier}`)
  );
  assert.deepEqual(missing, []);
});

Deno.test("the workspace follows every rule of its architecture", () => {
  const broken = RULES.map(({ claim, check }) => [claim, check(workspace).map(formatViolation)] as const);
  assert.deepEqual(broken.filter(([, violations]) => violations.length > 0), []);
});
