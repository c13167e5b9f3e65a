import assert from "node:assert/strict";
import fc from "fast-check";
import { readConfig, type Variables } from "./config.ts";
import { InvalidConfig } from "./read_variable.ts";
import { REDIS_URL_FORMS } from "./redis_url.ts";
import { PLAINTEXT } from "./common_variables.ts";
import { GRPC_TLS, GRPC_TLS_VARIABLES } from "./tls_variables.ts";
import { duration, host, integer, oneOf, port, postgresUrl, redisUrl, target } from "./variable.ts";

const SPEC = {
  grpcHost: host("IAM_GRPC_HOST", "127.0.0.1", GRPC_TLS),
  grpcPort: port("IAM_GRPC_PORT", 50053),
  inventoryTarget: target("INVENTORY_GRPC_TARGET", "127.0.0.1:50051", GRPC_TLS),
  sessionTtlMs: duration("SESSION_TTL", "24h"),
  passes: integer("ARGON2_PASSES", 2, { min: 1, max: 100 }),
  logLevel: oneOf("LOG_LEVEL", "info", ["info", "debug"]),
  postgresUrl: postgresUrl("IAM_POSTGRES_URL"),
  redisUrl: redisUrl("IAM_REDIS_URL"),
  plaintext: PLAINTEXT,
  ...GRPC_TLS_VARIABLES,
} as const;

const REQUIRED = { IAM_POSTGRES_URL: "postgres://u:p@db/iam", IAM_REDIS_URL: "redis://cache:6379/1" };

function read<Spec extends Variables>(spec: Spec, variables: Readonly<Record<string, string>>) {
  return readConfig(spec, (name) => variables[name]);
}

function refusal(spec: Variables, variables: Readonly<Record<string, string>>): string {
  try {
    read(spec, variables);
  } catch (error) {
    assert.ok(error instanceof InvalidConfig);
    return error.message;
  }
  throw new Error("the configuration is usable");
}

Deno.test("a variable that is not set has its default", () => {
  const { postgresUrl, redisUrl, ...config } = read(SPEC, REQUIRED);
  assert.deepEqual([postgresUrl.value, redisUrl.value], [REQUIRED.IAM_POSTGRES_URL, REQUIRED.IAM_REDIS_URL]);
  assert.deepEqual(config, {
    grpcHost: "127.0.0.1",
    grpcPort: 50053,
    inventoryTarget: "127.0.0.1:50051",
    sessionTtlMs: 86_400_000,
    passes: 2,
    logLevel: "info",
    plaintext: "loopback",
    grpcTlsCert: null,
    grpcTlsKey: null,
    grpcTlsCa: null,
  });
});

Deno.test("an empty variable counts as absent", () => {
  assert.equal(read(SPEC, { ...REQUIRED, IAM_GRPC_PORT: "" }).grpcPort, 50053);
  assert.match(refusal(SPEC, { ...REQUIRED, IAM_REDIS_URL: "" }), /IAM_REDIS_URL is missing/);
});

Deno.test("one message names every variable that is missing or invalid, its value and its rule", () => {
  const message = refusal(SPEC, {
    IAM_GRPC_HOST: "a b",
    IAM_GRPC_PORT: "70000",
    INVENTORY_GRPC_TARGET: "inventory",
    SESSION_TTL: "a day",
    ARGON2_PASSES: "0",
    LOG_LEVEL: "loud\n",
    IAM_POSTGRES_URL: "mysql://root:hunter2@db/iam",
  });
  assert.equal(
    message,
    `the configuration is not usable:
  IAM_GRPC_HOST is "a b": must be a host name or IP address
  IAM_GRPC_PORT is "70000": must be a whole number from 0 to 65535
  INVENTORY_GRPC_TARGET is "inventory": must be host:port
  SESSION_TTL is "a day": must be a length of time above zero, 365d at most: a whole number and ms, s, m, h or d, e.g. 24h
  ARGON2_PASSES is "0": must be a whole number from 1 to 100
  LOG_LEVEL is "loud\\n": must be one of info, debug
  IAM_POSTGRES_URL is set (not shown): must be a URL of the form postgres://user:password@host:port/database
  IAM_REDIS_URL is missing: must be a URL of the form ${REDIS_URL_FORMS}`,
  );
});

const NAMES = Object.values(SPEC).map(({ name }) => name);
const anything = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.webUrl(),
  fc.constantFrom("", "1", "1s", "a:1", "redis://h", "postgres://u:p@h/d"),
);

Deno.test("any environment yields either values or InvalidConfig", () => {
  fc.assert(fc.property(fc.dictionary(fc.constantFrom(...NAMES), anything), (variables) => {
    try {
      const config = read(SPEC, variables);
      for (const value of Object.values(config)) assert.notEqual(value, undefined);
    } catch (error) {
      assert.ok(error instanceof InvalidConfig, String(error));
    }
  }));
});

Deno.test("the message never shows a secret, however invalid", () => {
  const wrong = fc.constantFrom(
    (secret: string) => secret,
    (secret: string) => `mysql://root:${secret}@db/iam`,
    (secret: string) => `postgres://root:${secret}@:5432/iam`,
    (secret: string) => `postgres//root:${secret}@db/iam`,
  );
  fc.assert(fc.property(fc.uuid(), wrong, (secret, embed) => {
    const message = refusal(SPEC, { IAM_POSTGRES_URL: embed(secret), IAM_REDIS_URL: embed(secret) });
    assert.ok(!message.includes(secret), message);
    assert.match(message, /IAM_POSTGRES_URL is set \(not shown\)[^]*IAM_REDIS_URL is set \(not shown\)/);
  }));
});
