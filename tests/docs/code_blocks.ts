/** A block of code of a document in Markdown. */
export interface CodeBlock {
  readonly language: string;
  /** The text after the language, e.g. `runnable needs grpcurl`; may be empty. */
  readonly note: string;
  readonly code: string;
}

/** Finds every block of code of a document, in order. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  return [...markdown.matchAll(/^```(\w+) ?([^\n]*)\n(.*?)^```$/gms)]
    .map(([, language = "", note = "", code = ""]) => ({ language, note, code }));
}

const COMMENT: Readonly<Record<string, string>> = { sh: "# ", ts: "// " };

/** The lines that a block says that it prints: its comments right below a command; `…` stands for anything. */
export function shownOutput({ language, code }: CodeBlock): readonly RegExp[] {
  const mark = COMMENT[language] ?? "";
  const shown: string[] = [];
  let isBelowCommand = false;
  for (const line of code.split("\n")) {
    if (!line.startsWith(mark)) isBelowCommand = line !== "";
    else if (isBelowCommand) shown.push(line.slice(mark.length));
  }
  return shown.map((line) =>
    new RegExp(`^${line.split("…").map((text) => RegExp.escape(text)).join(".*")}$`)
  );
}
