/**
 * Attacks a system of its own on loopback, one attack after the other, while other clients use it.
 *
 * `deno task chaos abuse` prints what those clients saw and what the services held, and exits with 1 if an attack took
 * more from them than it may. Names of attacks after `abuse` run only those.
 *
 * @module
 */
import { experienceFaults, lineOf, type Row, runAbuse, TABLE_HEAD } from "./abuse.ts";
import { ATTACKS, isAttackName } from "./attacks.ts";

const [suite, ...names] = Deno.args;
if (suite !== "abuse" || !names.every(isAttackName)) {
  print(
    `usage: deno task chaos abuse [attack]\nattacks:\n${ATTACKS.map((name) => `  "${name}"`).join("\n")}`,
  );
  Deno.exit(2);
}
print(TABLE_HEAD);
let calm: Row | undefined;
let isWithstood = true;
await runAbuse(names.length > 0 ? names : ATTACKS, (row) => {
  const faults = [...row.faults, ...(calm ? experienceFaults(row, calm.experience) : [])];
  calm ??= row;
  isWithstood &&= faults.length === 0;
  print(lineOf({ ...row, faults }));
});
Deno.exit(isWithstood ? 0 : 1);

function print(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
