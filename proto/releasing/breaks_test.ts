import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CONTRACTS } from "../generation/contracts.ts";
import { findBreaks } from "./breaks.ts";
import { type ContractsCopy, copyContracts } from "./contracts_copy.ts";

const REFUSED: readonly [what: string, change: (copy: ContractsCopy) => Promise<void>, message: RegExp][] = [
  [
    "a changed field number",
    (copy) => copy.replace("auth/v1/auth.proto", "string login = 1;", "string login = 3;"),
    /auth\/v1\/auth\.proto:\d+:\d+:.*field "1" with name "login" on message "LoginRequest" was deleted/,
  ],
  [
    "a renamed field",
    (copy) => copy.replace("auth/v1/auth.proto", "string password = 2;", "string secret = 2;"),
    /auth\.proto:\d+:\d+:Field "2" on message "LoginRequest" changed name from "password" to "secret"/,
  ],
  [
    "a changed field type",
    (copy) => copy.replace("inventory/v1/inventory.proto", "double price = 4;", "string price = 4;"),
    /inventory\.proto:\d+:\d+:Field "4" with name "price" on message "Part" changed type from "double"/,
  ],
  [
    "a renamed enum value",
    (copy) => copy.replace("inventory/v1/inventory.proto", "CATEGORY_WING = 4;", "CATEGORY_FIN = 4;"),
    /inventory\.proto:\d+:\d+:Enum value "4" on enum "Category" changed name from "CATEGORY_WING"/,
  ],
  [
    "a removed method",
    (copy) => copy.replace("auth/v1/auth.proto", "rpc Whoami(WhoamiRequest) returns (WhoamiResponse);", ""),
    /auth\.proto:\d+:\d+:Previously present RPC "Whoami" on service "AuthService" was deleted/,
  ],
  [
    "a renamed package",
    (copy) => copy.replace("user/v1/user.proto", "package user.v1;", "package user.v2;"),
    /user\.proto:\d+:\d+:File package changed from "user\.v1" to "user\.v2"/,
  ],
  [
    "a removed .proto file",
    (copy) => rm(join(copy.path, "payment"), { recursive: true }),
    /Previously present file "payment\/v1\/payment\.proto" was deleted/,
  ],
  [
    "a removed OpenAPI document",
    (copy) => rm(join(copy.path, "order"), { recursive: true }),
    /order\/v1\/order\.openapi\.yaml does not exist/,
  ],
];

for (const [what, change, message] of REFUSED) {
  Deno.test(`a change that breaks clients is refused with its location: ${what}`, async () => {
    await using copy = await copyContracts();
    await change(copy);

    const breaks = await findBreaks(copy.path);

    assert.equal(breaks.length, 1);
    assert.match(breaks.join(), message);
  });
}

Deno.test("breaks of .proto files and of OpenAPI documents are reported together", async () => {
  await using copy = await copyContracts();
  await copy.replace("auth/v1/auth.proto", "string login = 1;", "string login = 3;");
  await copy.changeDocument((document) => document.deleteIn(["paths", "/api/v1/orders"]));

  assert.equal((await findBreaks(copy.path)).length, 2);
});

Deno.test("additions to .proto files break nothing", async () => {
  await using copy = await copyContracts();
  const auth = "auth/v1/auth.proto";
  await copy.replace(auth, "rpc Login(", "rpc Renew(LoginRequest) returns (LoginResponse);\nrpc Login(");
  await copy.replace(auth, "string password = 2;", "string password = 2;\noptional string device = 3;");
  await copy.replace("inventory/v1/inventory.proto", "WING = 4;", "WING = 4;\nCATEGORY_FIN = 5;");
  await mkdir(join(copy.path, "fleet/v1"), { recursive: true });
  await writeFile(join(copy.path, "fleet/v1/fleet.proto"), 'syntax = "proto3";\npackage fleet.v1;\n');

  assert.deepEqual(await findBreaks(copy.path), []);
});

Deno.test("the current contracts do not break the released ones", async () => {
  assert.deepEqual(await findBreaks(CONTRACTS), []);
});
