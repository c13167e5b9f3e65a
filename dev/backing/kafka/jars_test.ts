import assert from "node:assert/strict";
import { join } from "node:path";
import { WayUnavailable } from "../errors.ts";
import { exists } from "../files.ts";
import { temporaryFolder } from "../testing/own_servers.ts";
import { bringJars, jarsFolder } from "./jars.ts";

Deno.test("jars that are not the expected ones are refused by name, and nothing of them is kept", async () => {
  await using temp = await temporaryFolder();
  const folder = join(temp.path, "cache", "kafka");
  const bringing = bringJars(folder, async (...args) => {
    const jars = args.find((arg) => arg.startsWith("-DoutputDirectory="))?.split("=")[1] ?? "";
    await Deno.mkdir(jars);
    await Deno.writeTextFile(join(jars, "kafka_2.13-4.4.0.jar"), "not Kafka");
    await Deno.writeTextFile(join(jars, "stranger.jar"), "not ours");
  });
  await assert.rejects(bringing, (error) => {
    assert(error instanceof WayUnavailable);
    assert.match(error.reason, /kafka_2\.13-4\.4\.0\.jar.*stranger\.jar/);
    return true;
  });
  assert.deepEqual(await Array.fromAsync(Deno.readDir(join(temp.path, "cache"))), []);
});

Deno.test("a download that fails leaves no folder that looks complete", async () => {
  await using temp = await temporaryFolder();
  const folder = join(temp.path, "kafka");
  const failure = new WayUnavailable("no network");
  await assert.rejects(bringJars(folder, () => Promise.reject(failure)), failure);
  assert.equal(await exists(folder), false);
});

Deno.test("the jars are kept in the user's cache folder", { ignore: Deno.uid() === 0 }, () => {
  assert.equal(jarsFolder({ XDG_CACHE_HOME: "/c", HOME: "/h" }), "/c/rocket-factory/kafka-4.4.0");
  assert.equal(jarsFolder({ HOME: "/h" }), "/h/.cache/rocket-factory/kafka-4.4.0");
});

Deno.test(
  "root keeps the jars where the account of the server can read them",
  { ignore: Deno.uid() !== 0 },
  () => {
    assert.equal(jarsFolder({ HOME: "/root" }), "/var/cache/rocket-factory/kafka-4.4.0");
  },
);
