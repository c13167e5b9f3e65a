import { linesOf } from "@rocket/dev/lines";

/** The commands of a peer, by name; each resolves to its report when it is done. */
export type Commands = Readonly<Record<string, (argument: string) => unknown>>;

/**
 * Obeys commands from standard input, one a line, `<name> <argument>`, and prints `<name> <JSON>` when one is
 * done. Ends with `stop`, or with the input, so that no peer outlives its test.
 *
 * @throws {TypeError} for a command without a meaning.
 */
export async function obey(commands: Commands): Promise<void> {
  for await (const line of linesOf(Deno.stdin.readable)) {
    const [name = "", argument = ""] = line.split(" ");
    const command = commands[name];
    if (command === undefined) throw new TypeError(`no such command: ${line}`);
    say(name, await command(argument));
    if (name === "stop") return;
  }
}

/** Prints one line for the test: a word, and a report as JSON. */
export function say(word: string, facts: unknown = null): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${word} ${JSON.stringify(facts ?? null)}\n`));
}
