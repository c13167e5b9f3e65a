import assert from "node:assert/strict";
import { codeBlocks, shownOutput } from "./code_blocks.ts";

const MARKDOWN = `
\`\`\`sh runnable needs jq
# Say it.
echo '{"at":7}' \\
  | jq
# {
#   "at": …

# Say no more.
\`\`\`

Not in a block: \`echo\`.

\`\`\`ts
tell(1);
// 1.5
\`\`\`
`;

Deno.test("the blocks of a document are found with their language and note, in order", () => {
  assert.deepEqual(codeBlocks(MARKDOWN).map(({ language, note }) => [language, note]), [
    ["sh", "runnable needs jq"],
    ["ts", ""],
  ]);
  assert.equal(codeBlocks(MARKDOWN)[1]?.code, "tell(1);\n// 1.5\n");
});

Deno.test("a block shows what it prints by the comments right below a command, and in no others", () => {
  const [shell, script] = codeBlocks(MARKDOWN).map(shownOutput);
  assert.deepEqual(shell?.map((line) => [line.test("{"), line.test('  "at": 7')]), [[true, false], [
    false,
    true,
  ]]);
  assert.deepEqual(script?.map((line) => [line.test("1.5"), line.test("105"), line.test("1.50")]), [
    [true, false, false],
  ]);
});
