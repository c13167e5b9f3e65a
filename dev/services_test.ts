import assert from "node:assert/strict";
import { SERVICE_NAMES, serviceOf } from "./services.ts";

Deno.test("every service comes after those that it calls", () => {
  const seen = new Set<string>();
  for (const name of SERVICE_NAMES) {
    for (const upstream of serviceOf(name).upstreams) {
      assert.ok(seen.has(upstream), `${name} calls ${upstream}`);
    }
    seen.add(name);
  }
});

Deno.test("every service that another one calls has a door with a target variable", () => {
  const called = new Set(SERVICE_NAMES.flatMap((name) => serviceOf(name).upstreams));
  for (const name of called) {
    const { doors } = serviceOf(name);
    assert.ok(doors.some(({ targetVariable }) => targetVariable !== undefined), name);
  }
});
