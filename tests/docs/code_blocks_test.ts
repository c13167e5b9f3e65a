import assert from "node:assert/strict";
import { codeBlocks, documentedOutput } from "./code_blocks.ts";

const MARKDOWN = `
\`\`\`sh runnable needs jq
# Print it.
echo '{"at":7}' \\
  | jq
# {
#   "at": …

# Nothing follows.
\`\`\`

Not in a block: \`echo\`.

\`\`\`ts
print(1);
// 1.5
\`\`\`
`;

Deno.test("a document's code blocks are found in order, with their language and note", () => {
  assert.deepEqual(codeBlocks(MARKDOWN).map(({ language, note }) => [language, note]), [
    ["sh", "runnable needs jq"],
    ["ts", ""],
  ]);
  assert.equal(codeBlocks(MARKDOWN)[1]?.code, "print(1);\n// 1.5\n");
});

Deno.test("only comments directly below a command are its documented output", () => {
  const [shell, script] = codeBlocks(MARKDOWN).map(documentedOutput);
  assert.deepEqual(shell?.map((line) => [line.test("{"), line.test('  "at": 7')]), [[true, false], [
    false,
    true,
  ]]);
  assert.deepEqual(script?.map((line) => [line.test("1.5"), line.test("105"), line.test("1.50")]), [
    [true, false, false],
  ]);
});
