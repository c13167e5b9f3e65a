import assert from "node:assert/strict";
import { breaches } from "../fixture.ts";
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

Deno.test("layers import inwards, and not outwards or sideways", () => {
  for (const from of LAYERS) {
    for (const to of LAYERS.filter((layer) => layer !== from)) {
      const found = breaches(layers, { [`iam/${from}/x.ts`]: `import "../${to}/y.ts";` });
      const isAllowed = INWARDS.has(`${from} ${to}`);
      assert.deepEqual(found, isAllowed ? [] : [`iam/${from}/x.ts:1: ${from} may not import ${to}`]);
    }
  }
});

Deno.test("a layer imports itself, at any depth", () => {
  assert.deepEqual(breaches(layers, { "iam/service/a.ts": `import "./password/b.ts";` }), []);
});

Deno.test("no layer imports the wiring", () => {
  assert.deepEqual(breaches(layers, { "iam/model/user.ts": `import "../config.ts";` }), [
    "iam/model/user.ts:1: model may not import iam/config.ts",
  ]);
});

Deno.test("the wiring imports every layer", () => {
  assert.deepEqual(
    breaches(layers, { "iam/di.ts": LAYERS.map((x) => `import "./${x}/a.ts";`).join("\n") }),
    [],
  );
});

Deno.test("a service's folder with a name of its own is refused", () => {
  assert.deepEqual(breaches(layers, { "iam/utils/x.ts": "" }), [
    "iam/utils/x.ts: a service has no room named utils",
  ]);
});

Deno.test("folders outside services may have any name", () => {
  assert.deepEqual(breaches(layers, { "platform/grpc/x.ts": `import "../log/y.ts";` }), []);
});
