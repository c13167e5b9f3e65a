import assert from "node:assert/strict";
import { SERVICE_NAMES } from "@rocket/dev";
import { findProgram } from "../support/find_program.ts";
import { startProcess } from "../support/process.ts";
import { startSystem, type System } from "../support/system.ts";
import { type CodeBlock, codeBlocks, documentedOutput } from "./code_blocks.ts";

const ROOT = new URL("../../", import.meta.url);

/** How long a block may take, including a first download by npx, in milliseconds. */
const TIMEOUT_MS = 60_000;

/** The pages with code, in the order in which a reader tries them. */
const PAGES = [
  "README.md",
  "docs/contracts.md",
  "docs/extending.md",
  "docs/operations.md",
  "docs/decisions.md",
];

const texts = await Promise.all(PAGES.map((page) => Deno.readTextFile(new URL(page, ROOT))));
const blocks = texts.flatMap(codeBlocks);

Deno.test("every runnable block of the pages prints its documented output, one after another in one shell", async (t) => {
  const outbox = await Deno.makeTempDir();
  await using folders = new AsyncDisposableStack();
  folders.defer(() => Deno.remove(outbox, { recursive: true }));
  const env = { ASSEMBLY_TIME_MAX: "1s", NOTIFICATION_OUTBOX: outbox };
  await using system = await startSystem({ services: SERVICE_NAMES, env });
  await system.seedParts();
  const runs = await Promise.all(
    blocks.filter(({ note }) => note.startsWith("runnable")).map(async (block, index) => {
      const [, program] = /needs (\S+)/.exec(block.note) ?? [];
      const isMissing = program !== undefined && await findProgram(program) === undefined;
      const name = `${block.language} block ${index + 1}${isMissing ? ` needs ${program}: not found` : ""}`;
      return { name, block, isMissing };
    }),
  );
  assert.notEqual(runs.length, 0);
  const script = runs.filter(({ isMissing }) => !isMissing).map(({ block }) => toCommands(block)).join("\n");
  await using shell = startProcess("bash", ["-euo", "pipefail", "-c", withPlaces(script, system, outbox)], {
    cwd: ROOT,
  });
  for (const { name, block, isMissing: ignore } of runs) {
    const output = documentedOutput(block);
    const fn = async () => {
      assert.notEqual(output.length, 0, "a runnable block must document its output");
      for (const line of output) await shell.waitForLine(line, TIMEOUT_MS);
    };
    await t.step({ name, ignore, fn });
  }
  assert.equal((await shell.waitForExit(TIMEOUT_MS)).code, 0);
});

Deno.test("every excerpt in the pages matches the code, line by line", async () => {
  const excerpts = blocks.filter(({ note }) => note.startsWith("of "));
  assert.notEqual(excerpts.length, 0);
  for (const { note, code } of excerpts) {
    const path = note.slice("of ".length);
    const lines = (await Deno.readTextFile(new URL(path, ROOT))).split("\n").map((line) => line.trim());
    let next = 0;
    for (const line of code.trimEnd().split("\n").map((line) => line.trim())) {
      next = lines.indexOf(line, next) + 1;
      assert.notEqual(next, 0, `${path} lacks this line, or has it in another place: ${line}`);
    }
  }
});

Deno.test("every task named in the pages exists, and is run with the pinned Deno", async () => {
  const pin = (await Deno.readTextFile(new URL(".dvmrc", ROOT))).trim();
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const named = [...texts.join("\n").matchAll(/deno@(\S+) task (?:--quiet )?([\w:]+)/g)];
  assert.notEqual(named.length, 0);
  for (const [text, version, task = ""] of named) {
    assert.equal(version, pin, text);
    assert.ok(task in tasks, text);
  }
});

Deno.test("every code block in the pages is runnable, an excerpt, or a list of tasks", () => {
  for (const { language, note, code } of blocks.filter(({ language }) => language !== "mermaid")) {
    const isTaskList = language === "sh" &&
      code.trim().split("\n").every((line) => /deno@\S+ task /.test(line));
    assert.ok(note.startsWith("runnable") || note.startsWith("of ") || isTaskList, code);
  }
});

/** The shell commands that run a block. */
function toCommands({ language, code }: CodeBlock): string {
  if (language === "sh") return code;
  const run =
    `'${Deno.execPath()}' run --quiet --check --allow-net --allow-read --allow-env --allow-sys=hostname,uid -`;
  return `${run} <<'THE_END'\n${code}\nTHE_END`;
}

/** Replaces the default addresses and the outbox of `dev` by those of the system under test. */
function withPlaces(script: string, system: System, outbox: string): string {
  return script
    .replaceAll(".data/outbox", outbox)
    .replaceAll("http://127.0.0.1:8080", system.orderUrl)
    .replaceAll("http://127.0.0.1:8081", system.iamUrl)
    .replaceAll("127.0.0.1:50051", system.variable("INVENTORY_GRPC_TARGET"));
}

Deno.test("every link between the pages points to an existing file and heading", async () => {
  for (const [index, text] of texts.entries()) {
    const page = new URL(PAGES[index] ?? "", ROOT);
    for (const [, target = ""] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const url = new URL(target, page);
      const heading = url.hash.slice(1);
      const linked = await Deno.readTextFile(new URL(url.pathname, url));
      assert.ok(heading === "" || headingsOf(linked).includes(heading), `${PAGES[index]}: ${target}`);
    }
  }
});

/** The anchors of a page's headings, as used in links. */
function headingsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)]
    .map(([, title = ""]) => title.toLowerCase().replaceAll(/[^\w\- ]/g, "").replaceAll(" ", "-"));
}
