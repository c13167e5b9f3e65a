/**
 * Releases the contracts: `release.ts [--check] [--breaking] [folder]`.
 *
 * Makes the contracts of the folder, `proto` by default, the ones that later contracts must not break. If they break
 * the released ones, it says how, writes nothing and exits with 1; `--breaking` releases them anyway. With `--check` it
 * only compares.
 *
 * @module
 */
import { resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { CONTRACTS } from "./generation/contracts.ts";
import { DenoRunError } from "./generation/run_deno.ts";
import { findBreaks } from "./releasing/breaks.ts";
import { releaseContracts } from "./releasing/released.ts";

const REFUSAL =
  `The contracts break clients of the released ones. Instead of changing what exists, add a field, an operation or a
package of the next version. When no such client is left:
deno task contract:release --breaking
`;

try {
  process.exitCode = await main();
} catch (error) {
  // buf has printed what is wrong; a stack trace would only bury it.
  if (!(error instanceof DenoRunError)) throw error;
  process.stderr.write(`${error.output}${error.message}\n`);
  process.exitCode = 1;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    args: Deno.args,
    options: { check: { type: "boolean", default: false }, breaking: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const contracts = resolve(positionals[0] ?? CONTRACTS);

  const breaks = values.breaking ? [] : await findBreaks(contracts);
  if (breaks.length > 0) {
    process.stderr.write([...breaks, REFUSAL].join("\n"));
    return 1;
  }
  if (!values.check) await releaseContracts(contracts);
  return 0;
}
