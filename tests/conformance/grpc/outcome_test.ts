import assert from "node:assert/strict";
import { coverageFaults } from "./outcome.ts";

const METHODS = [{
  name: "toy.v1.ToyService/Play",
  statuses: [
    { name: "OK", reasons: [] },
    { name: "INTERNAL", reasons: [] },
    { name: "NOT_FOUND", reasons: ["TOY_NOT_FOUND", "CHILD_NOT_FOUND"] },
    { name: "INVALID_ARGUMENT", reasons: ["INVALID_ARGUMENT"] },
  ],
}];

const scenario = { ask: () => Promise.reject(new Error("never called")) };

const COMPLETE = {
  "OK": scenario,
  "INTERNAL": scenario,
  "NOT_FOUND TOY_NOT_FOUND": scenario,
  "NOT_FOUND CHILD_NOT_FOUND": scenario,
  "INVALID_ARGUMENT": scenario,
};

Deno.test("scenarios for every status and reason of every method cover the contract", () => {
  assert.deepEqual(coverageFaults(METHODS, { "toy.v1.ToyService/Play": COMPLETE }), []);
});

Deno.test("a method without scenarios is reported with every missing outcome", () => {
  assert.deepEqual(coverageFaults(METHODS, {}), [
    "toy.v1.ToyService/Play OK has no scenario: add one to tests/conformance/grpc",
    "toy.v1.ToyService/Play INTERNAL has no scenario: add one to tests/conformance/grpc",
    "toy.v1.ToyService/Play NOT_FOUND TOY_NOT_FOUND has no scenario: add one to tests/conformance/grpc",
    "toy.v1.ToyService/Play NOT_FOUND CHILD_NOT_FOUND has no scenario: add one to tests/conformance/grpc",
    "toy.v1.ToyService/Play INVALID_ARGUMENT has no scenario: add one to tests/conformance/grpc",
  ]);
});

Deno.test("a scenario for an outcome outside the contract is reported", () => {
  const more = { ...COMPLETE, "UNAVAILABLE": scenario };
  assert.deepEqual(coverageFaults(METHODS, { "toy.v1.ToyService/Play": more }), [
    "toy.v1.ToyService/Play UNAVAILABLE has a scenario, but is not in the contract",
  ]);
});
