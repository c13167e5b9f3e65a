import { serviceToken } from "@rocket/platform/auth";
import { readConfig } from "@rocket/platform/config";
import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import {
  AmbiguousDotEnv,
  readEnvironment,
  refuseUnknownPorts,
  withDescriptions,
  withServiceToken,
  withStores,
  withTargets,
} from "./environment.ts";
import { temporaryFolder } from "./backing/testing/own_servers.ts";

/** Reads the environment with this text as the root's `.env`, or without a `.env`. */
async function read(dotEnv: string | undefined, shell: Readonly<Record<string, string>>) {
  await using root = await temporaryFolder();
  if (dotEnv !== undefined) await Deno.writeTextFile(`${root.path}/.env`, dotEnv);
  return await readEnvironment(pathToFileURL(`${root.path}/`), shell);
}

Deno.test("what .env sets is read, without comments and quotes", async () => {
  const dotEnv =
    '# Longer than a day.\nSESSION_TTL=36h # and no more\n# LOG_LEVEL=debug\nLOG_FORMAT="json"\n';
  assert.deepEqual(await read(dotEnv, {}), { SESSION_TTL: "36h", LOG_FORMAT: "json" });
});

Deno.test("what the shell sets wins over .env, even an empty value", async () => {
  const shell = { SESSION_TTL: "1h", IAM_REDIS_URL: "" };
  const dotEnv = "SESSION_TTL=36h\nIAM_REDIS_URL=redis://127.0.0.1\nLOG_LEVEL=debug\n";
  assert.deepEqual(await read(dotEnv, shell), { ...shell, LOG_LEVEL: "debug" });
});

Deno.test("without a .env only the shell is read", async () => {
  assert.deepEqual(await read(undefined, { SESSION_TTL: "1h" }), { SESSION_TTL: "1h" });
});

Deno.test("by default the shell is this process's environment", async () => {
  const environment = await readEnvironment(new URL("no/such/folder/", import.meta.url));
  assert.deepEqual(environment, { ...Deno.env.toObject() });
});

Deno.test("a byte order mark before the first variable is not part of its name", async () => {
  assert.deepEqual(await read("\uFEFFSESSION_TTL=36h\n", {}), { SESSION_TTL: "36h" });
});

Deno.test("a $ in single quotes is read as written", async () => {
  assert.deepEqual(await read("PASSWORD='pa$word'\n", {}), { PASSWORD: "pa$word" });
});

Deno.test("a $ that deno run --env-file would expand is refused, and only its variable's name is shown", async () => {
  for (const dotEnv of ["PASSWORD=pa$word\n", 'PASSWORD="pa$word"\n', "\uFEFF export PASSWORD = pa$word\n"]) {
    await assert.rejects(read(dotEnv, {}), (error) => {
      assert.ok(error instanceof AmbiguousDotEnv);
      assert.match(error.message, /^ {2}PASSWORD has a \$ outside single quotes/m);
      assert.doesNotMatch(error.message, /word/);
      return true;
    });
  }
});

Deno.test("dev and deno run --env-file read the same values from .env", async () => {
  await using folder = await temporaryFolder();
  const dotEnv =
    "A=plain # comment\nB='pa$word'\nC=\"two words\"\nD=\nE=postgres://u:p%24@127.0.0.1:5432/iam?a=b\n";
  await Deno.writeTextFile(`${folder.path}/.env`, dotEnv);
  const program =
    "console.log(JSON.stringify(Object.fromEntries([...'ABCDE'].map((n) => [n, Deno.env.get(n)]))))";
  await Deno.writeTextFile(`${folder.path}/print.js`, program);
  const args = ["run", "--quiet", "--env-file=.env", "--allow-env", "print.js"];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: folder.path }).output();
  assert.deepEqual(JSON.parse(new TextDecoder().decode(stdout)), await read(dotEnv, {}));
});

const TARGETS = [
  ["a port that is moved", { IAM_GRPC_PORT: "50063" }, "127.0.0.1:50063"],
  ["a host that is moved", { IAM_GRPC_HOST: "127.0.0.2" }, "127.0.0.2:50053"],
  ["a host and a port", { IAM_GRPC_HOST: "127.0.0.2", IAM_GRPC_PORT: "50063" }, "127.0.0.2:50063"],
  ["localhost", { IAM_GRPC_HOST: "localhost" }, "localhost:50053"],
  ["an IPv6 host", { IAM_GRPC_HOST: "::1" }, "[::1]:50053"],
  ["every IPv4 interface", { IAM_GRPC_HOST: "0.0.0.0", IAM_GRPC_PORT: "50063" }, "127.0.0.1:50063"],
  ["every interface", { IAM_GRPC_HOST: "::" }, "127.0.0.1:50053"],
  ["a target of its own", { IAM_GRPC_PORT: "50063", IAM_GRPC_TARGET: "iam:1" }, "iam:1"],
  ["an empty target", { IAM_GRPC_PORT: "50063", IAM_GRPC_TARGET: "" }, "127.0.0.1:50063"],
  ["an invalid port", { IAM_GRPC_PORT: "iam" }, undefined],
  ["an invalid host", { IAM_GRPC_HOST: "a b" }, undefined],
  ["nothing", {}, undefined],
] as const;

for (const [what, env, target] of TARGETS) {
  Deno.test(`with ${what} set, callers dial ${target ?? "the default"}`, () => {
    assert.equal(withTargets(env)["IAM_GRPC_TARGET"], target);
  });
}

Deno.test("port 0 is refused by the name of its variable, since callers could not know the port", () => {
  const complaints = refuseUnknownPorts({
    IAM_GRPC_PORT: "0",
    ORDER_HTTP_PORT: "00",
    PAYMENT_GRPC_PORT: "1",
  });
  assert.deepEqual(complaints.map((line) => line.split(":")[0]), [
    'IAM_GRPC_PORT is "0"',
    'ORDER_HTTP_PORT is "00"',
  ]);
});

Deno.test("an environment without a service token gets a valid one, different each time", () => {
  const made = [{}, { SERVICE_TOKEN: "" }].map((env) => withServiceToken(env)["SERVICE_TOKEN"]);
  for (const token of made) {
    const read = (name: string) => ({ SERVICE_TOKEN: token })[name];
    assert.equal(readConfig({ token: serviceToken() }, read).token.value.sent, token);
  }
  assert.notEqual(made[0], made[1]);
});

Deno.test("a service token that is set is kept, valid or not: the services say what is wrong with it", () => {
  assert.deepEqual(withServiceToken({ SERVICE_TOKEN: "x", A: "b" }), { SERVICE_TOKEN: "x", A: "b" });
  const inFile = { SERVICE_TOKEN_FILE: "/run/secrets/token" };
  assert.deepEqual(withServiceToken(inFile), inFile);
});

Deno.test("services describe themselves, unless the environment says otherwise", () => {
  assert.deepEqual(withDescriptions({ GRPC_REFLECTION: "" }), { GRPC_REFLECTION: "on", HTTP_DOCS: "on" });
  const off = { GRPC_REFLECTION: "off", HTTP_DOCS: "off" };
  assert.deepEqual(withDescriptions(off), off);
});

Deno.test("services are led to our stores, unless the environment names others, by URL or by file", () => {
  const stores = {
    postgresUrls: { iam: "postgres://ours/iam" },
    redisUrl: "redis://ours",
    kafkaVariables: { KAFKA_BROKERS: "ours:9092", KAFKA_SASL: "plain:rocket:ours" },
  };
  assert.deepEqual(withStores({ IAM_POSTGRES_URL: "" }, stores), {
    IAM_POSTGRES_URL: "postgres://ours/iam",
    IAM_REDIS_URL: "redis://ours",
    ORDER_REDIS_URL: "redis://ours",
    ...stores.kafkaVariables,
  });
  const theirs = {
    IAM_POSTGRES_URL_FILE: "/run/secrets/postgres",
    IAM_REDIS_URL: "redis://theirs",
    ORDER_REDIS_URL_FILE: "/run/secrets/redis",
    KAFKA_BROKERS: "theirs:9092",
    KAFKA_SASL_FILE: "/run/secrets/kafka",
  };
  assert.deepEqual(withStores(theirs, stores), theirs);
});
