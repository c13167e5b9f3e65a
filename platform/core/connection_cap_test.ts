import assert from "node:assert/strict";
import { createConnectionCap, FIRST_REQUEST_LIMIT_MS } from "./connection_cap.ts";

function setUp() {
  const closed: string[] = [];
  const clock = { ms: 0 };
  const limits = { inAll: 4, perAddress: 2 };
  const cap = createConnectionCap<string>((connection) => closed.push(connection), limits, () => clock.ms);
  return { cap, closed, clock };
}

Deno.test("the oldest connection without a request gives way to a new one from its address", () => {
  const { cap, closed } = setUp();
  for (const name of ["a1", "a2", "a3", "a4"]) assert.ok(cap.admit(name, "a"));
  assert.deepEqual(closed, ["a1", "a2"]);
});

Deno.test("a connection that has made a request does not give way, and a new one is refused", () => {
  const { cap, closed } = setUp();
  cap.admit("a1", "a");
  cap.admit("a2", "a");
  cap.keep("a1");
  assert.ok(cap.admit("a3", "a"));
  assert.deepEqual(closed, ["a2"]);
  cap.keep("a3");
  assert.ok(!cap.admit("a4", "a"));
  assert.ok(cap.admit("b1", "b"), "another address has room");
  cap.remove("a1");
  assert.ok(cap.admit("a4", "a"), "a closed connection leaves room");
});

Deno.test("addresses share the total limit, and an unused connection of any address gives way", () => {
  const { cap, closed } = setUp();
  for (const [name, address] of [["a1", "a"], ["b1", "b"], ["c1", "c"], ["d1", "d"]] as const) {
    assert.ok(cap.admit(name, address));
  }
  cap.keep("a1");
  assert.ok(cap.admit("e1", "e"));
  assert.deepEqual(closed, ["b1"]);
  for (const name of ["c1", "d1", "e1"]) cap.keep(name);
  assert.ok(!cap.admit("f1", "f"));
});

Deno.test("a closed connection is counted once, even if its closing is reported twice", () => {
  const { cap } = setUp();
  cap.admit("a1", "a");
  cap.admit("a2", "a");
  for (const name of ["a1", "a2"]) cap.keep(name);
  cap.remove("a1");
  cap.remove("a1");
  assert.ok(cap.admit("a3", "a"));
  cap.keep("a3");
  assert.ok(!cap.admit("a4", "a"));
});

Deno.test("a connection without a request is closed after 10 s", () => {
  const { cap, closed, clock } = setUp();
  cap.admit("a1", "a");
  cap.admit("a2", "a");
  cap.keep("a2");
  clock.ms = FIRST_REQUEST_LIMIT_MS / 2;
  cap.admit("b1", "b");
  cap.closeUnused();
  assert.deepEqual(closed, []);
  clock.ms = FIRST_REQUEST_LIMIT_MS;
  cap.closeUnused();
  assert.deepEqual(closed, ["a1"]);
});
