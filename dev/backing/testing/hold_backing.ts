/**
 * A run that starts servers and does nothing but hold them, until it is killed: for tests of what a killed run leaves.
 * Takes a source, and a data folder if the data are to last.
 *
 * @module
 */
import { startBacking } from "../start.ts";
import { environmentFor } from "./own_servers.ts";

const [source, dataDir] = Deno.args;
await using _backing = await startBacking({
  databases: ["iam"],
  env: environmentFor(source === "docker" ? "docker" : "local"),
  ...(dataDir !== undefined && { dataDir }),
});
await Deno.stdout.write(new TextEncoder().encode("ready\n"));
await new Promise<never>(() => {});
