import { formatViolation, type Rule } from "./rule.ts";
import { parseWorkspace } from "./workspace.ts";

/** What a rule finds in files that exist nowhere; `@rocket/<member>` works for members with a `deno.json`. */
export function breaches(rule: Rule, files: Readonly<Record<string, string>>): readonly string[] {
  return rule.check(parseWorkspace(new Map(Object.entries(files)))).map(formatViolation);
}

/** The `deno.json` of a member whose face is its `mod.ts`. */
export function memberJson(name: string): string {
  return JSON.stringify({ name: `@rocket/${name}`, exports: "./mod.ts" });
}
