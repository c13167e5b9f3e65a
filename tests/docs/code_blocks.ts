/** A fenced code block in a Markdown document. */
export interface CodeBlock {
  readonly language: string;
  /** The text after the language, e.g. `runnable needs grpcurl`; may be empty. */
  readonly note: string;
  readonly code: string;
}

/** Finds every code block of a document, in order. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  return [...markdown.matchAll(/^```(\w+) ?([^\n]*)\n(.*?)^```$/gms)]
    .map(([, language = "", note = "", code = ""]) => ({ language, note, code }));
}

const COMMENT_PREFIX: Readonly<Record<string, string>> = { sh: "# ", ts: "// " };

/** The output that a block documents: its comments directly below a command; `…` matches anything. */
export function documentedOutput({ language, code }: CodeBlock): readonly RegExp[] {
  const prefix = COMMENT_PREFIX[language] ?? "";
  const documented: string[] = [];
  let isBelowCommand = false;
  for (const line of code.split("\n")) {
    if (!line.startsWith(prefix)) isBelowCommand = line !== "";
    else if (isBelowCommand) documented.push(line.slice(prefix.length));
  }
  return documented.map((line) =>
    new RegExp(`^${line.split("…").map((text) => RegExp.escape(text)).join(".*")}$`)
  );
}
