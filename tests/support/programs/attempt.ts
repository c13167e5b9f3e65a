import { createHealthProbe } from "@rocket/platform/grpc";

/** Tries one thing that takes a permission. */
async function attempt(kind: string, what: string): Promise<unknown> {
  switch (kind) {
    case "env":
      return Deno.env.get(what) ?? "absent";
    case "read":
      return void await Deno.readTextFile(what);
    case "write":
      return await Deno.mkdir(what);
    case "run":
      return void await new Deno.Command(what).output();
    case "load library":
      return Deno.dlopen(what, {}).close();
    case "connect":
      return (await Deno.connect(addressOf(what))).close();
    case "connect to socket":
      return (await Deno.connect({ transport: "unix", path: what })).close();
    case "listen":
      return Deno.listen(addressOf(what)).close();
    case "call": {
      await using probe = createHealthProbe("far", what);
      return await probe.probe();
    }
    default:
      throw new TypeError(`unknown kind ${kind}`);
  }
}

function addressOf(text: string): { readonly hostname: string; readonly port: number } {
  const { hostname, port } = new URL(`tcp://${text}`);
  return { hostname, port: Number(port) };
}

// Prints what came of each of the attempts that the first argument lists, as `outcomesUnder` reads it.
const attempts: readonly (readonly [string, string])[] = JSON.parse(Deno.args[0] ?? "[]");
for (const [kind, what] of attempts) {
  const outcome = await attempt(kind, what).catch((error) => ({ error: Deno.inspect(error) }));
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(outcome ?? "done")}\n`));
}
