/**
 * Runs the attack that the first argument names on the target that the second describes, and prints its result.
 *
 * @module
 */
import { attack, isAttackName } from "./attacks.ts";

const [name = "", target = ""] = Deno.args;
if (!isAttackName(name)) throw new TypeError(`no such attack: ${name}`);
const result = JSON.stringify(await attack(name, JSON.parse(target)));
Deno.stdout.writeSync(new TextEncoder().encode(`${result}\n`));
Deno.exit();
