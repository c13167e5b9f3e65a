import assert from "node:assert/strict";
import { startBacking } from "@rocket/dev";
import { denoFlags, postgresUrl } from "@rocket/platform/config";
import { type Certificate, createAuthority, HAS_OPENSSL } from "@rocket/platform/testing/certificates";
import postgres from "postgres";
import { startProcess } from "../../support/process.ts";

const PROGRAM = new URL("programs/postgres_query.ts", import.meta.url).href;

/** Asks at a URL, in a program with the permissions that follow from it. */
async function ask(url: string, trust: readonly string[]): Promise<string> {
  const variables = { postgres: postgresUrl("POSTGRES_URL") } as const;
  const flags = denoFlags(variables, (name) => name === "POSTGRES_URL" ? url : undefined);
  const args = ["run", "--quiet", ...flags, ...trust, PROGRAM, url];
  await using program = startProcess(Deno.execPath(), args);
  const { code } = await program.waitForExit();
  assert.equal(code, 0, program.output.join("\n"));
  return program.output.join("\n");
}

/** Has the server speak TLS from its next start, with a certificate that is copied to where it runs. */
async function install({ cert, key }: Certificate, adminUrl: string): Promise<void> {
  const admin = postgres(adminUrl, { max: 1 });
  try {
    for (const [file, path] of [["server.crt", cert], ["server.key", key]] as const) {
      const pem = (await Deno.readTextFile(path)).trim();
      // This command takes no parameters; PEM needs no escape. The server refuses a key that others may read.
      await admin.unsafe(
        `copy (select unnest(string_to_array('${pem}', E'\\n'))) to program 'umask 077; cat >${file}'`,
      );
    }
    await admin`alter system set ssl = on`;
  } finally {
    await admin.end();
  }
}

Deno.test({
  name: "12.3.1, 12.3.2: Postgres is reached by TLS, if its certificate can be trusted and is for its host",
  ignore: !HAS_OPENSSL,
  fn: async () => {
    const env = Deno.env.toObject();
    await using backing = await startBacking({ databases: ["platform"], stores: ["postgres"], env });
    // A server that the environment names can't be given a certificate.
    if (backing.postgresAdminUrl === undefined) return;
    const at = (host: string) => {
      const url = new URL(backing.postgresUrls["platform"] ?? "");
      url.hostname = host;
      url.searchParams.set("sslmode", "verify-full");
      return url.href;
    };
    await using authority = await createAuthority();
    const trust = [`--cert=${authority.ca}`];
    for (const [name, host, other] of [["IP", "127.0.0.1", "localhost"], ["DNS", "localhost", "127.0.0.1"]]) {
      assert.ok(host !== undefined && other !== undefined);
      await install(await authority.issue(`${name}:${host}`), backing.postgresAdminUrl);
      await backing.postgres.stop();
      await backing.postgres.start();
      const outcomes = [ask(at(host), trust), ask(at(host), []), ask(at(other), trust)];
      assert.deepEqual(
        await Promise.all(outcomes),
        ["encrypted", "failed: Unavailable", "failed: Unavailable"],
        host,
      );
    }
  },
});
