import assert from "node:assert/strict";
import { readArguments } from "./dev.ts";

Deno.test("without arguments yesterday's data are kept, where they usually are", () => {
  assert.deepEqual(readArguments([]), { isFresh: false, dataDir: undefined });
});

Deno.test("a fresh start and another folder can be asked for", () => {
  assert.deepEqual(readArguments(["--fresh", "--data", "x"]), { isFresh: true, dataDir: "x" });
});

for (const args of [["--fersh"], ["fresh"], ["--data"], ["--fresh=no"]]) {
  Deno.test(`${args} is no argument of dev`, () => assert.equal(readArguments(args), undefined));
}
