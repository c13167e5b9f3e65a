import assert from "node:assert/strict";
import { copyContracts } from "../releasing/contracts_copy.ts";
import { lintDocuments } from "./lint_documents.ts";
import { DenoRunError } from "./run_deno.ts";

Deno.test("a problem in a document is reported with its location, rule and message", async () => {
  await using copy = await copyContracts();
  await copy.changeDocument((document) => {
    const responses = ["components", "responses"];
    document.setIn(
      [...responses, "Internal", "content", "application/json", "examples", "fault", "value"],
      {},
    );
    document.deleteIn(["paths", "/api/v1/orders", "post", "summary"]);
  });

  await assert.rejects(lintDocuments(copy.path), (error) => {
    assert.ok(error instanceof DenoRunError);
    assert.match(
      error.output,
      /order\/v1\/order\.openapi\.yaml:\d+:\d+ at #\/paths\/~1api~1v1~1orders\/post\/summary/,
    );
    assert.match(error.output, /operation-summary rule/);
    assert.match(error.output, /at #\/components\/responses\/Internal\/.*\/examples\/fault\/value/);
    assert.match(error.output, /must have required property 'code'/);
    return true;
  });
});
