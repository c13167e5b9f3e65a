import assert from "node:assert/strict";
import { explainFailure } from "./explain_failure.ts";
import { Unavailable } from "./failure.ts";

const refused = Object.assign(new AggregateError([new Error("connect ECONNREFUSED ::1:5432")]), {
  code: "ECONNREFUSED",
});

for (
  const [error, explanation] of [
    [new Error("no"), "no"],
    [new Unavailable("redis"), "redis is unavailable"],
    [
      new Unavailable("postgres", { cause: new Error('database "iam" does not exist') }),
      'postgres is unavailable: database "iam" does not exist',
    ],
    [
      new Unavailable("postgres", { cause: refused }),
      "postgres is unavailable: ECONNREFUSED: connect ECONNREFUSED ::1:5432",
    ],
    [new TypeError(), "TypeError"],
    ["thrown text", "thrown text"],
  ] as const
) {
  Deno.test(`a failure is explained in one line: ${explanation}`, () => {
    assert.equal(explainFailure(error), explanation);
  });
}
