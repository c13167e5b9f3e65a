import type { Rule } from "../rule.ts";
import { isUnitTest, SERVICES } from "../layout.ts";

/** Files that may read the environment besides tests: configuration, entry points, and tools outside the services. */
const READERS: readonly RegExp[] = [
  new RegExp(`^(?:${SERVICES.join("|")})/config\\.ts$`),
  /^platform\/config\//,
  // Entry points, which pass the environment to the service's configuration.
  new RegExp(`^(?:${SERVICES.join("|")})/(?:seed|operate)\\.ts$`),
  /^platform\/service\/run_service\.ts$/,
  // A generator that developers run; it passes its PATH on.
  /^proto\/generation\//,
  /^(?:dev|tests|\.ci)\//,
];

/** A variable that is read in one place can be validated, documented and tested there. */
export const environmentInConfig: Rule = {
  claim: "only configuration reads the environment",
  check: ({ modules }) =>
    modules.filter(({ path }) => !isUnitTest(path) && !READERS.some((reader) => reader.test(path)))
      .flatMap(({ path, text }) =>
        linesReading(text).map((line) => ({ path, line, message: "only config.ts may read the environment" }))
      ),
};

/** Matches `Deno.env`, `process.env`, and destructuring or imports of either. */
const READING =
  /\b(?:Deno|process)\s*(?:\?\.|\.)\s*env\b|\benv\b[^;]*\}\s*(?:=\s*(?:Deno|process)\b|from\s*"(?:node:)?process")/;

function linesReading(text: string): readonly number[] {
  return text.split("\n").flatMap((line, index) =>
    !/^\s*(?:\/\/|\/?\*)/.test(line) && READING.test(line) ? [index + 1] : []
  );
}
