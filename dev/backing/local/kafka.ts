import { freePort } from "@rocket/platform/free-port";
import { join } from "node:path";
import { exists } from "../files.ts";
import { CLUSTER_ID, kafkaSettings } from "../kafka/settings.ts";
import { makeFolderFor, run } from "./account.ts";
import type { Place, ServerCommand } from "./server.ts";

/** Prepares a private Kafka of one node, open only to those who know its password. */
export async function prepareKafka(place: Place): Promise<ServerCommand> {
  const { program, account, folder, data, port, password } = place;
  await makeFolderFor(account, data);
  const settings = join(folder, "server.properties");
  const client = `127.0.0.1:${port}`;
  const listeners = { client, advertised: client, controller: `127.0.0.1:${freePort()}` };
  const lines = Object.entries(kafkaSettings(listeners, password, data));
  await Deno.writeTextFile(settings, lines.map(([name, value]) => `${name}=${value}\n`).join(""), {
    mode: 0o600,
  });
  if (account) await Deno.chown(settings, account.uid, account.gid);
  const java = [...JVM, `-Djava.io.tmpdir=${folder}`, "-classpath", `${program.jars}/*`];
  if (!await exists(join(data, "meta.properties"))) {
    const format = ["kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", settings];
    await run(program.path, [...java, ...format, "--ignore-formatted"], { account, cwd: folder });
  }
  return { args: [...java, "kafka.Kafka", settings], input: "", stopSignal: "TERM" };
}

/** Small, and quick to start: a broker of a developer or of a test is never busy enough for the better compiler. */
const JVM = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"];
