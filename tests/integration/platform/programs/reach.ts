import { createHealthProbe } from "@rocket/platform/grpc";

/** Tries one thing that needs a permission. */
async function reach(kind: string, what: string): Promise<unknown> {
  switch (kind) {
    case "env":
      return Deno.env.get(what) ?? "absent";
    case "grpc": {
      await using probe = createHealthProbe("far", what);
      await probe.probe();
      return "reached";
    }
    case "tcp": {
      const { hostname, port } = new URL(`tcp://${what}`);
      (await Deno.connect({ hostname, port: Number(port) })).close();
      return "reached";
    }
    default:
      throw new TypeError(`unknown kind ${kind}`);
  }
}

const [kind = "", what = ""] = Deno.args;
const outcome = await reach(kind, what).catch((error) => `refused: ${Deno.inspect(error)}`);
Deno.stdout.writeSync(new TextEncoder().encode(`${String(outcome).replaceAll("\n", " ")}\n`));
