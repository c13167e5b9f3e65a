/**
 * Releases the contracts: `release.ts [--check] [--breaking] [folder]`.
 *
 * Makes the contracts of the folder, `proto` by default, those that later ones must not break. Where they break
 * what was released before, it tells how, writes nothing and exits 1; `--breaking` releases them all the same.
 * With `--check` it only tells.
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
  `The contracts break clients of those released. Add beside what is there, a field, an operation or a
package of the next version, instead of changing it. When no such client is left:
deno task contract:release --breaking
`;

try {
  process.exitCode = await main();
} catch (error) {
  // buf has said what is wrong; a stack of ours would only bury it.
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
