import type { Rule } from "../rule.ts";
import { isTest, SERVICES } from "../rooms.ts";

/** The files that may read the environment, besides tests: configuration, programs, and everything outside services. */
const READERS: readonly RegExp[] = [
  new RegExp(`^(?:${SERVICES.join("|")})/config\\.ts$`),
  /^platform\/config\//,
  // Where a program begins: these hand the environment to the service's configuration.
  new RegExp(`^(?:${SERVICES.join("|")})/seed\\.ts$`),
  /^platform\/service\/run_service\.ts$/,
  // A generator, run by hand: it passes its PATH on.
  /^proto\/generation\//,
  /^(?:dev|tests|\.ci)\//,
];

/** A variable that is read in one place can be validated, documented and tested in one place. */
export const environmentInConfig: Rule = {
  claim: "only configuration reads the environment",
  check: ({ modules }) =>
    modules.filter(({ path }) => !isTest(path) && !READERS.some((reader) => reader.test(path)))
      .flatMap(({ path, text }) =>
        linesReading(text).map((line) => ({ path, line, message: "only config.ts may read the environment" }))
      ),
};

/** `Deno.env`, `process.env`, and the ways to give them another name. */
const READING =
  /\b(?:Deno|process)\s*(?:\?\.|\.)\s*env\b|\benv\b[^;]*\}\s*(?:=\s*(?:Deno|process)\b|from\s*"(?:node:)?process")/;

function linesReading(text: string): readonly number[] {
  return text.split("\n").flatMap((line, index) =>
    !/^\s*(?:\/\/|\/?\*)/.test(line) && READING.test(line) ? [index + 1] : []
  );
}
