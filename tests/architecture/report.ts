/**
 * Prints violations of the architecture's rules, one per line, and exits with 1 if there are any.
 *
 * @module
 */
import process from "node:process";
import { formatViolation } from "./rule.ts";
import { RULES } from "./rules.ts";
import { readWorkspace } from "./workspace.ts";

const workspace = await readWorkspace(new URL("../../", import.meta.url).pathname);
const violations = RULES.flatMap((rule) => rule.check(workspace)).map(formatViolation);
const summary = `${workspace.modules.length} modules, ${RULES.length} rules, ${violations.length} violations`;
process.stdout.write([...violations, summary, ""].join("\n"));
process.exitCode = violations.length === 0 ? 0 : 1;
