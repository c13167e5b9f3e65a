import assert from "node:assert/strict";
import { AccessRefused, Unavailable } from "../core/failure.ts";
import { captureLog } from "../testing/captured_log.ts";
import { StoresUnavailable, waitForStores } from "./wait_for_stores.ts";

const up = () => Promise.resolve();
const refused = new Error("connect ECONNREFUSED 10.0.0.7:5432");
const down = () => Promise.reject(new Unavailable("postgres", { cause: refused }));

Deno.test("a store that is not up yet is awaited, and logged once with the cause", async () => {
  const { log, lines } = captureLog();
  let probes = 0;
  await waitForStores({ postgres: () => ++probes < 3 ? down() : up(), redis: up }, log);
  assert.equal(probes, 3);
  assert.deepEqual(lines.map(({ level, msg, missing, causes }) => ({ level, msg, missing, causes })), [{
    level: "warn",
    msg: "waiting for stores",
    missing: "postgres",
    causes: ["postgres is unavailable: connect ECONNREFUSED 10.0.0.7:5432"],
  }]);
});

Deno.test("a store that refuses access fails the wait at once, with the cause", async () => {
  let probes = 0;
  const refuse = () => {
    probes++;
    const cause = new Error('password authentication failed for user "iam"');
    return Promise.reject(new AccessRefused("postgres", { cause }));
  };
  await assert.rejects(
    waitForStores({ postgres: refuse, redis: down }, captureLog().log),
    new StoresUnavailable(
      new Map([[
        "postgres",
        new Error('postgres is unavailable: password authentication failed for user "iam"'),
      ]]),
    ),
  );
  assert.equal(probes, 1);
});

Deno.test("a store that stays down fails the wait after its timeout, with the cause", async () => {
  await assert.rejects(
    waitForStores({ postgres: down, redis: up }, captureLog().log, 0),
    { message: "postgres is unavailable: connect ECONNREFUSED 10.0.0.7:5432" },
  );
});
