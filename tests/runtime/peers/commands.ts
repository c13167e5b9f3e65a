import { linesOf } from "@rocket/dev/lines";

/** The commands of a peer, by name; each resolves to its result. */
export type Commands = Readonly<Record<string, (argument: string) => unknown>>;

/**
 * Runs commands from standard input, one per line, `<name> <argument>`, and prints `<name> <JSON>` after each.
 * Returns after `stop`, or at the end of the input so that no peer outlives its test.
 *
 * @throws {TypeError} for an unknown command.
 */
export async function runCommands(commands: Commands): Promise<void> {
  for await (const line of linesOf(Deno.stdin.readable)) {
    const [name = "", argument = ""] = line.split(" ");
    const command = commands[name];
    if (command === undefined) throw new TypeError(`no such command: ${line}`);
    printEvent(name, await command(argument));
    if (name === "stop") return;
  }
}

/** Prints one line for the test to read: an event's name, and its details as JSON. */
export function printEvent(name: string, details: unknown = null): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${name} ${JSON.stringify(details ?? null)}\n`));
}
