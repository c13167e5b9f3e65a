import assert from "node:assert/strict";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CONTRACTS } from "./contracts.ts";
import { generateOpenApiCode } from "./openapi_code.ts";
import { createWorkFolder } from "./work_folder.ts";

Deno.test("validators, a module and paths are generated for an added document", async () => {
  await using work = await createWorkFolder();
  const order = await readFile(join(CONTRACTS, "order/v1/order.openapi.yaml"), "utf8");
  const contracts = join(work.path, "contracts");
  await mkdir(join(contracts, "auth/v1"), { recursive: true });
  await writeFile(join(contracts, "auth/v1/auth.openapi.yaml"), order.replaceAll("createOrder", "logIn"));

  await generateOpenApiCode(contracts, join(work.path, "gen"));

  const generated = join(work.path, "gen/auth/v1");
  const text = async (file: string) => await readFile(join(generated, file), "utf8");
  assert.deepEqual((await readdir(generated)).toSorted(), [
    "auth_api.ts",
    "auth_document.ts",
    "auth_paths.ts",
  ]);
  assert.match(await text("auth_api.ts"), /export const LogInBody = /);
  assert.match(await text("auth_document.ts"), /from auth\/v1\/auth\.openapi\.yaml[^]*"operationId":"logIn"/);
  assert.match(await text("auth_paths.ts"), /logIn/);
});
