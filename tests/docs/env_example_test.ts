import { SERVICE_NAMES, type ServiceName, serviceOf } from "@rocket/dev";
import { IAM_VARIABLES } from "@rocket/iam/config";
import { INVENTORY_VARIABLES } from "@rocket/inventory/config";
import { ORDER_VARIABLES } from "@rocket/order/config";
import { PAYMENT_VARIABLES } from "@rocket/payment/config";
import type { Variables } from "@rocket/platform/config";
import assert from "node:assert/strict";

/** Every service's variables. */
const SPECS: Readonly<Record<ServiceName, Variables>> = {
  iam: IAM_VARIABLES,
  inventory: INVENTORY_VARIABLES,
  payment: PAYMENT_VARIABLES,
  order: ORDER_VARIABLES,
};

/** All of them; one that several services read comes several times. */
const VARIABLES = Object.values(SPECS).flatMap((spec) => Object.values(spec));

/** What `dev` and the tests read themselves, to find the stores. */
const OF_BACKING = ["BACKING", "POSTGRES_IMAGE", "REDIS_IMAGE"];

const example = await Deno.readTextFile(new URL("../../.env.example", import.meta.url));
const lines = [...example.matchAll(/^(# )?([A-Z][A-Z0-9_]*)=(.*)$/gm)]
  .map(([, mark, name = "", value = ""]) => ({ isCommentedOut: mark !== undefined, name, value }));

Deno.test("the example environment lists every variable once, and no other", () => {
  const names = new Set([...VARIABLES.map(({ name }) => name), ...OF_BACKING]);
  assert.deepEqual(lines.map(({ name }) => name).toSorted(), [...names].toSorted());
});

Deno.test("the example environment sets the defaults", () => {
  const shown = Object.fromEntries(
    lines.filter(({ isCommentedOut }) => !isCommentedOut).map(({ name, value }) => [name, value]),
  );
  for (const { name, fallback } of VARIABLES.filter(({ name }) => name in shown)) {
    assert.equal(shown[name], fallback, name);
  }
});

Deno.test("the example environment comments out variables without a default, or with one that depends on the machine", () => {
  const withoutFallback = VARIABLES.filter(({ fallback }) => fallback === undefined).map(({ name }) => name);
  const expected = new Set([...withoutFallback, "ARGON2_CONCURRENCY", "LOG_FORMAT", ...OF_BACKING]);
  const commentedOut = lines.filter(({ isCommentedOut }) => isCommentedOut).map(({ name }) => name);
  assert.deepEqual(commentedOut.toSorted(), [...expected].toSorted());
});

Deno.test("an example that is commented out follows its variable's rule, except a secret that has to be made", () => {
  for (const { name, value } of lines.filter(({ value }) => value !== "")) {
    for (const { parse, rule } of VARIABLES.filter((variable) => variable.name === name)) {
      assert.notEqual(parse(value), undefined, `${name} must be ${rule}`);
    }
  }
  assert.deepEqual(lines.filter(({ value }) => value === "").map(({ name }) => name), ["SERVICE_TOKEN"]);
});

for (const service of SERVICE_NAMES) {
  Deno.test(`dev's table has the doors, stores and upstreams of ${service}'s configuration`, () => {
    const { doors, stores, upstreams } = serviceOf(service);
    const variables = Object.values(SPECS[service]);
    const named = (pattern: RegExp) => variables.filter(({ name }) => pattern.test(name));
    assert.deepEqual(
      named(/_PORT$/).map(({ name, fallback }) => [name, fallback]),
      doors.map(({ portVariable, defaultPort }) => [portVariable, String(defaultPort)]),
    );
    assert.deepEqual(named(/_HOST$/).map(({ name }) => name), doors.map(({ hostVariable }) => hostVariable));
    assert.deepEqual(
      new Set(named(/_URL$/).map(({ name }) => name)),
      new Set(stores.map((store) => `${service.toUpperCase()}_${store.toUpperCase()}_URL`)),
    );
    const targets = upstreams.flatMap((name) =>
      serviceOf(name).doors.map(({ targetVariable }) => targetVariable)
    );
    assert.deepEqual(new Set(named(/_TARGET$/).map(({ name }) => name)), new Set(targets));
  });
}
