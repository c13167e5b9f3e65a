import assert from "node:assert/strict";
import { violationsOf } from "../fixture.ts";
import { layers } from "./layers.ts";

const LAYERS = ["api", "seed", "service", "repository", "client", "model"];
const INWARDS = new Set([
  ...["api", "seed"].flatMap((outer) =>
    ["service", "repository", "client", "model"].map((x) => `${outer} ${x}`)
  ),
  "service repository",
  "service client",
  "service model",
  "repository model",
  "client model",
]);

Deno.test("layers may import inwards only", () => {
  for (const from of LAYERS) {
    for (const to of LAYERS.filter((layer) => layer !== from)) {
      const found = violationsOf(layers, { [`iam/${from}/x.ts`]: `import "../${to}/y.ts";` });
      const isAllowed = INWARDS.has(`${from} ${to}`);
      assert.deepEqual(found, isAllowed ? [] : [`iam/${from}/x.ts:1: ${from} may not import ${to}`]);
    }
  }
});

Deno.test("a layer may import its own files at any depth", () => {
  assert.deepEqual(violationsOf(layers, { "iam/service/a.ts": `import "./password/b.ts";` }), []);
});

Deno.test("no layer may import the wiring", () => {
  assert.deepEqual(violationsOf(layers, { "iam/model/user.ts": `import "../config.ts";` }), [
    "iam/model/user.ts:1: model may not import iam/config.ts",
  ]);
});

Deno.test("the wiring may import every layer", () => {
  assert.deepEqual(
    violationsOf(layers, { "iam/di.ts": LAYERS.map((x) => `import "./${x}/a.ts";`).join("\n") }),
    [],
  );
});

Deno.test("an unknown folder in a service is reported", () => {
  assert.deepEqual(violationsOf(layers, { "iam/utils/x.ts": "" }), [
    "iam/utils/x.ts: a service has no layer named utils",
  ]);
});

Deno.test("folders outside services may have any name", () => {
  assert.deepEqual(violationsOf(layers, { "platform/grpc/x.ts": `import "../log/y.ts";` }), []);
});
