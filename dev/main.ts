import "@rocket/platform/refuse-broken-runtime";
import { fileURLToPath } from "node:url";
import { dev, readArguments } from "./supervisor/dev.ts";
import { StopRequest } from "./supervisor/stop_request.ts";

const asked = readArguments(Deno.args);
if (asked === undefined) {
  Deno.stderr.writeSync(new TextEncoder().encode("usage: deno task dev [--fresh] [--data <folder>]\n"));
  Deno.exit(2);
}
const root = new URL("../", import.meta.url);
Deno.exit(
  await dev({
    root,
    dataDir: asked.dataDir ?? fileURLToPath(new URL(".data", root)),
    isFresh: asked.isFresh,
    // Never disposed of: a last signal, a moment before the exit, must not change the exit code.
    stop: new StopRequest(),
  }),
);
