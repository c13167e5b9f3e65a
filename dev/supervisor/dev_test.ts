import assert from "node:assert/strict";
import { readArguments } from "./dev.ts";

Deno.test("without arguments data are kept, in the usual folder", () => {
  assert.deepEqual(readArguments([]), { isFresh: false, dataDir: undefined });
});

Deno.test("a fresh start and another folder can be chosen", () => {
  assert.deepEqual(readArguments(["--fresh", "--data", "x"]), { isFresh: true, dataDir: "x" });
});

for (const args of [["--fersh"], ["fresh"], ["--data"], ["--fresh=no"]]) {
  Deno.test(`${args} is not an argument of dev`, () => assert.equal(readArguments(args), undefined));
}
