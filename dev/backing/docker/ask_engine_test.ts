import assert from "node:assert/strict";
import { askEngine } from "./ask_engine.ts";

const LIMIT_MS = 20;

Deno.test("a question whose answer is lost is asked again", async () => {
  const answers = [new Promise<string>(() => {}), Promise.resolve("stopped")];
  let asked = 0;
  assert.equal(await askEngine(() => answers[asked++] ?? assert.fail(), LIMIT_MS), "stopped");
  assert.equal(asked, 2);
});

Deno.test("an engine that never answers is given up, and the error says so", async () => {
  let asked = 0;
  const question = () => {
    asked++;
    return new Promise<never>(() => {});
  };
  await assert.rejects(askEngine(question, LIMIT_MS), /the Docker engine does not answer/);
  assert.equal(asked, 3);
});

Deno.test("an error of the engine is passed on at once", async () => {
  let asked = 0;
  const question = () => {
    asked++;
    return Promise.reject(new Error("no such container"));
  };
  await assert.rejects(askEngine(question, LIMIT_MS), /no such container/);
  assert.equal(asked, 1);
});
