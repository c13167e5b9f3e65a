import assert from "node:assert/strict";
import { Container } from "./container.ts";

class Kitchen extends Container {
  readonly closed: string[] = [];

  #oven?: AsyncDisposable;
  get oven(): AsyncDisposable {
    return this.#oven ??= this.own(this.#thing("oven"));
  }

  #table?: AsyncDisposable;
  get table(): AsyncDisposable {
    return this.#table ??= this.own(this.#thing("table"));
  }

  #broken?: AsyncDisposable;
  get broken(): AsyncDisposable {
    return this.#broken ??= this.own({ [Symbol.asyncDispose]: () => Promise.reject(new Error("stuck")) });
  }

  #thing(name: string): AsyncDisposable {
    return {
      [Symbol.asyncDispose]: async () => {
        await Promise.resolve();
        this.closed.push(name);
      },
    };
  }
}

Deno.test("what was built is closed in reverse order, once, and what was not built is not", async () => {
  const kitchen = new Kitchen();
  assert.equal(kitchen.table, kitchen.table);
  assert.ok(kitchen.oven);
  await kitchen[Symbol.asyncDispose]();
  await kitchen[Symbol.asyncDispose]();
  assert.deepEqual(kitchen.closed, ["oven", "table"]);

  const empty = new Kitchen();
  await empty[Symbol.asyncDispose]();
  assert.deepEqual(empty.closed, []);
});

Deno.test("a close that fails does not keep the others from closing, and is told", async () => {
  const kitchen = new Kitchen();
  assert.ok(kitchen.oven && kitchen.broken && kitchen.table);
  await assert.rejects(kitchen[Symbol.asyncDispose](), /stuck/);
  assert.deepEqual(kitchen.closed, ["table", "oven"]);
});

Deno.test("nothing is built any more once it is closed", async () => {
  const kitchen = new Kitchen();
  await kitchen[Symbol.asyncDispose]();
  assert.throws(() => kitchen.oven, ReferenceError);
});
