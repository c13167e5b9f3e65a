import assert from "node:assert/strict";
import { storeTarget } from "./net.ts";
import { GRPC_TLS, GRPC_TLS_VARIABLES } from "./tls_variables.ts";
import { PLAINTEXT } from "./common_variables.ts";
import { denoFlags, type Files } from "./permissions.ts";
import { folder, host, httpUrl, oneOf, optional, port, postgresUrl, redisUrl, target } from "./variable.ts";

const at = host("AT", "127.0.0.1", GRPC_TLS);

/** The variables of a service, with one of each kind that holds an address. */
const VARIABLES = {
  ...GRPC_TLS_VARIABLES,
  plaintext: PLAINTEXT,
  level: oneOf("LEVEL", "info", ["info"]),
  at,
  port: port("PORT", 50051, at),
  dialledPort: port("DIALLED_PORT", 1),
  iam: target("IAM", "127.0.0.1:50053", GRPC_TLS),
  postgres: postgresUrl("PG"),
  redis: redisUrl("REDIS"),
  ranges: optional(httpUrl("RANGES")),
} as const;

const STORES = { PG: "postgres://u:p@127.0.0.1/a", REDIS: "redis://127.0.0.1" };

function flagsFor(environment: Readonly<Record<string, string>>, files?: Files): readonly string[] {
  const read = (name: string) => ({ PLAINTEXT: "allow", ...STORES, ...environment })[name];
  return denoFlags(VARIABLES, read, files);
}

function flag(name: string, flags: readonly string[]): string | undefined {
  return flags.find((flag) => flag.startsWith(`--${name}=`))?.slice(name.length + 3);
}

Deno.test("the network permission is derived from the kinds of the variables", () => {
  const own = "127.0.0.1:50051,127.0.0.1:50053,127.0.0.1:5432,127.0.0.1:6379";
  const names = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,127.0.0.0/8";
  const table: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{}, own],
    [{ AT: "0.0.0.0", PORT: "0" }, own.replace("127.0.0.1:50051", "0.0.0.0:0")],
    [{ AT: "::1", PORT: "80" }, own.replace("127.0.0.1:50051", "[::1]:80")],
    [{ AT: "localhost" }, own.replace("127.0.0.1:50051", "localhost,127.0.0.1:50051,[::1]:50051")],
    [{ IAM: "[fd00::1]:50053" }, own.replace("127.0.0.1:50053", "[fd00::1]:50053")],
    [{ IAM: "localhost:50053" }, own.replace("127.0.0.1:50053", "localhost,127.0.0.0/8,[::1]")],
    [{ IAM: "iam:50053" }, own.replace("127.0.0.1:50053", `iam,${names}`)],
    [{ IAM: "127.0.0.1:50051" }, own.replace("127.0.0.1:50053,", "")],
    [{ RANGES: "https://api.example.com/range" }, `${own},api.example.com:443`],
    [{ RANGES: "http://[::1]:8090/range" }, `${own},[::1]:8090`],
    [{ PG: "postgres://u:p@db:6543/a" }, own.replace("127.0.0.1:5432", `db,${names}`)],
  ];
  for (const [environment, net] of table) {
    assert.equal(flag("allow-net", flagsFor(environment)), net, JSON.stringify(environment));
  }
});

Deno.test("a service without addresses gets no network access", () => {
  assert.equal(flag("allow-net", denoFlags({}, () => undefined)), "");
});

Deno.test("a service can read its own variables, and any other reads as absent", () => {
  assert.equal(
    flag("allow-env", flagsFor({})),
    "GRPC_TLS_CERT,GRPC_TLS_KEY,GRPC_TLS_CA,PLAINTEXT,LEVEL,AT,PORT,DIALLED_PORT,IAM,PG,REDIS,RANGES,PG_FILE,REDIS_FILE",
  );
  assert.ok(flagsFor({}).includes("--ignore-env"));
});

Deno.test("files are passed as paths, with commas escaped", () => {
  const files = { migrations: "file:///srv/a%20b/", read: ["file:///srv/c,d"] };
  const paths = flag("allow-read", flagsFor({}, files))?.split(/(?<!,),(?!,)/);
  assert.deepEqual(paths?.slice(-2), ["/srv/a b/", "/srv/c,,d"]);
});

Deno.test("a folder of a service's own may be written to, and without one nothing may", () => {
  const variables = { outbox: folder("OUTBOX", ".data/outbox") };
  const flags = denoFlags(variables, () => undefined);
  assert.ok(flags.includes("--allow-write=.data/outbox"));
  assert.ok(flags.find((flag) => flag.startsWith("--allow-read="))?.endsWith(",.data/outbox"));
  assert.ok(!denoFlags({}, () => undefined).some((flag) => flag.startsWith("--allow-write")));
});

Deno.test("a secret's file may be read by its name, and the network permission follows from its content", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const path = `${directory}/postgres,url`;
    await Deno.writeTextFile(path, "postgres://u:p@10.1.2.3:6543/a\n");
    const flags = flagsFor({ PG: "", PG_FILE: path });
    const escaped = path.replace(",", ",,");
    assert.equal(flag("allow-read", flags), `${flag("allow-read", flagsFor({}))},${escaped}`);
    assert.equal(
      flag("allow-net", flags),
      flag("allow-net", flagsFor({}))?.replace("127.0.0.1:5432", "10.1.2.3:6543"),
    );
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("native code is allowed only to a service that names its library", () => {
  const nativeLibraries = ["file:///srv/argon2/"];
  assert.equal(flag("allow-ffi", flagsFor({}, { nativeLibraries })), "/srv/argon2/");
  assert.equal(flag("allow-ffi", flagsFor({})), undefined);
});

Deno.test("no permission is unrestricted, and Deno never prompts", () => {
  const flags = flagsFor({ IAM: "a:1" });
  assert.ok(flags.includes("--no-prompt"));
  for (const flag of flags) assert.doesNotMatch(flag, /^(-A|--allow-all|--allow-[a-z]+)$/);
  for (const kind of ["run", "write", "import"]) {
    assert.ok(!flags.some((flag) => flag.startsWith(`--allow-${kind}`)), kind);
  }
});

Deno.test("a service's heap is limited", () => {
  assert.match(flag("v8-flags", flagsFor({})) ?? "", /--max-old-space-size=\d+/);
});

Deno.test("a store is dialled at its URL's port, or at the default one", () => {
  assert.equal(storeTarget("postgres://u:p@db:6543/iam", 5432), "db:6543");
  assert.equal(storeTarget("postgres://u:p@db/iam", 5432), "db:5432");
  assert.equal(storeTarget("redis://[::1]/1", 6379), "[::1]:6379");
});
