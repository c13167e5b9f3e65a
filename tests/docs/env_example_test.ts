import { ASSEMBLY_VARIABLES } from "@rocket/assembly/config";
import { SERVICE_NAMES, type ServiceName, serviceOf } from "@rocket/dev";
import { IAM_VARIABLES } from "@rocket/iam/config";
import { INVENTORY_VARIABLES } from "@rocket/inventory/config";
import { NOTIFICATION_VARIABLES } from "@rocket/notification/config";
import { ORDER_VARIABLES } from "@rocket/order/config";
import { PAYMENT_VARIABLES } from "@rocket/payment/config";
import { fileVariable, type Variables } from "@rocket/platform/config";
import assert from "node:assert/strict";

/** Every service's variables. */
const SPECS: Readonly<Record<ServiceName, Variables>> = {
  iam: IAM_VARIABLES,
  inventory: INVENTORY_VARIABLES,
  payment: PAYMENT_VARIABLES,
  order: ORDER_VARIABLES,
  assembly: ASSEMBLY_VARIABLES,
  notification: NOTIFICATION_VARIABLES,
};

/** All of them; a variable that several services read appears once for each. */
const VARIABLES = Object.values(SPECS).flatMap((spec) => Object.values(spec));

/** The variables that name files of secrets. */
const FILE_VARIABLES = VARIABLES.flatMap((variable) => variable.secret ? [fileVariable(variable)] : []);

/** The variables with which `dev` and the tests choose the stores. */
const BACKING_VARIABLES = ["BACKING", "POSTGRES_IMAGE", "REDIS_IMAGE", "KAFKA_IMAGE"];

const example = await Deno.readTextFile(new URL("../../.env.example", import.meta.url));
const lines = [...example.matchAll(/^(# )?([A-Z][A-Z0-9_]*)=(.*)$/gm)]
  .map(([, hash, name = "", value = ""]) => ({ isCommentedOut: hash !== undefined, name, value }));

Deno.test("the example environment lists every variable exactly once, and nothing else", () => {
  const names = new Set([...VARIABLES.map(({ name }) => name), ...FILE_VARIABLES, ...BACKING_VARIABLES]);
  assert.deepEqual(lines.map(({ name }) => name).toSorted(), [...names].toSorted());
});

Deno.test("variables that the example environment sets have their default values", () => {
  const set = Object.fromEntries(
    lines.filter(({ isCommentedOut }) => !isCommentedOut).map(({ name, value }) => [name, value]),
  );
  for (const { name, fallback } of VARIABLES.filter(({ name }) => name in set)) {
    assert.equal(set[name], fallback, name);
  }
});

Deno.test("the example environment comments out variables without a default, or with one that depends on the machine or on dev", () => {
  const withoutFallback = VARIABLES.filter(({ fallback }) => !fallback).map(({ name }) => name);
  const optional = [
    ...FILE_VARIABLES,
    "GRPC_REFLECTION",
    "HTTP_DOCS",
    "ARGON2_CONCURRENCY",
    "LOG_FORMAT",
    ...BACKING_VARIABLES,
  ];
  const expected = new Set([...withoutFallback, ...optional]);
  const commentedOut = lines.filter(({ isCommentedOut }) => isCommentedOut).map(({ name }) => name);
  assert.deepEqual(commentedOut.toSorted(), [...expected].toSorted());
});

Deno.test("every example value follows its variable's rule; only a secret that must be generated has none", () => {
  for (const { name, value } of lines.filter(({ value }) => value !== "")) {
    for (const { parse, rule } of VARIABLES.filter((variable) => variable.name === name)) {
      assert.notEqual(parse(value), undefined, `${name} must be ${rule}`);
    }
  }
  assert.deepEqual(lines.filter(({ value }) => value === "").map(({ name }) => name), ["SERVICE_TOKEN"]);
});

for (const service of SERVICE_NAMES) {
  Deno.test(`dev's table lists the doors, stores and upstreams of ${service}'s configuration`, () => {
    const { doors, stores, upstreams } = serviceOf(service);
    const variables = Object.values(SPECS[service]);
    const named = (pattern: RegExp) => variables.filter(({ name }) => pattern.test(name));
    assert.deepEqual(
      named(/_PORT$/).map(({ name, fallback }) => [name, fallback]),
      doors.map(({ portVariable, defaultPort }) => [portVariable, String(defaultPort)]),
    );
    assert.deepEqual(named(/_HOST$/).map(({ name }) => name), doors.map(({ hostVariable }) => hostVariable));
    assert.deepEqual(
      new Set(named(/^[A-Z]+_(?:POSTGRES|REDIS)_URL$|^KAFKA_BROKERS$/).map(({ name }) => name)),
      new Set(
        stores.map((store) => store === "kafka" ? "KAFKA_BROKERS" : `${service}_${store}_URL`.toUpperCase()),
      ),
    );
    const targets = upstreams.flatMap((name) =>
      serviceOf(name).doors.flatMap(({ targetVariable }) => targetVariable ?? [])
    );
    assert.deepEqual(new Set(named(/_TARGET$/).map(({ name }) => name)), new Set(targets));
  });
}
