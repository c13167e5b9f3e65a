/**
 * Prints what breaks the architecture, one line each, and exits with 1 if anything does.
 *
 * @module
 */
import process from "node:process";
import { formatViolation } from "./rule.ts";
import { RULES } from "./rules.ts";
import { readWorkspace } from "./workspace.ts";

const workspace = await readWorkspace(new URL("../../", import.meta.url).pathname);
const violations = RULES.flatMap((rule) => rule.check(workspace)).map(formatViolation);
const verdict = `${workspace.modules.length} modules, ${RULES.length} rules, ${violations.length} violations`;
process.stdout.write([...violations, verdict, ""].join("\n"));
process.exitCode = violations.length === 0 ? 0 : 1;
