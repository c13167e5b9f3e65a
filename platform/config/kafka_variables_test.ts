import assert from "node:assert/strict";
import { readConfig } from "./config.ts";
import { KAFKA_VARIABLES } from "./kafka_variables.ts";
import { denoFlags } from "./permissions.ts";
import { type Environment, InvalidConfig } from "./read_variable.ts";

function environment(variables: Readonly<Record<string, string>>): Environment {
  return (name) => ({ KAFKA_BROKERS: "127.0.0.1:9092", ...variables })[name];
}

function read(variables: Readonly<Record<string, string>>) {
  return readConfig(KAFKA_VARIABLES, environment(variables));
}

function flag(name: string, variables: Readonly<Record<string, string>>): readonly string[] {
  const flags = denoFlags(KAFKA_VARIABLES, environment(variables));
  return flags.find((each) => each.startsWith(`--${name}=`))?.slice(name.length + 3).split(",") ?? [];
}

Deno.test("only the brokers must be set; missing topics are created with three partitions", () => {
  assert.deepEqual(read({}), {
    kafkaBrokers: [{ host: "127.0.0.1", port: 9092 }],
    kafkaLogin: null,
    kafkaTlsCa: null,
    kafkaCreateTopics: "on",
    kafkaPartitions: 3,
    kafkaReplication: null,
  });
});

Deno.test("a login is a mechanism, a user and a password, which may have colons", () => {
  assert.deepEqual(read({ KAFKA_SASL: "scram-sha-512:order:a:b" }).kafkaLogin?.value, {
    mechanism: "SCRAM-SHA-512",
    username: "order",
    password: "a:b",
  });
});

const REFUSED = [
  { KAFKA_BROKERS: "kafka" },
  { KAFKA_BROKERS: "kafka:9092," },
  { KAFKA_BROKERS: "kafka:0" },
  { KAFKA_BROKERS: "kafka://kafka:9092" },
  { KAFKA_SASL: "order:hunter2" },
  { KAFKA_SASL: "gssapi:order:hunter2" },
  { KAFKA_SASL: "plain::hunter2" },
  { KAFKA_CREATE_TOPICS: "yes" },
  { KAFKA_PARTITIONS: "0" },
  { KAFKA_REPLICATION: "-1" },
];

for (const variables of REFUSED) {
  const [[name, value] = ["", ""]] = Object.entries(variables);
  Deno.test(`${name}=${value} is refused, without showing a password`, () => {
    assert.throws(() => read(variables), (error) => {
      assert(error instanceof InvalidConfig);
      assert.match(error.message, new RegExp(`${name} is `));
      assert.doesNotMatch(error.message, /hunter2/);
      return true;
    });
  });
}

Deno.test("every listed broker may be dialled, and no other", () => {
  assert.deepEqual(flag("allow-net", { KAFKA_BROKERS: "10.0.0.1:9092, [fd00::1]:9093" }), [
    "10.0.0.1:9092",
    "[fd00::1]:9093",
  ]);
});

Deno.test("a file of certificates may be read; the runtime's own need no permission", () => {
  assert.equal(flag("allow-read", { KAFKA_TLS_CA: "/etc/kafka/ca.pem" }).at(-1), "/etc/kafka/ca.pem");
  assert.deepEqual(flag("allow-read", { KAFKA_TLS_CA: "system" }), flag("allow-read", {}));
});
