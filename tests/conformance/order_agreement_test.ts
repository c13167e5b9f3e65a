import assert from "node:assert/strict";
import { copyWorkspace, type WorkspaceCopy } from "../support/workspace_copy.ts";

/** A change to one side of the contract alone, and what the type checker must say of it. */
interface Change {
  readonly what: string;
  readonly from: RegExp;
  readonly to: string;
  readonly told: readonly string[];
}

const DOCUMENT_CHANGES: readonly Change[] = [
  {
    what: "the status of a success",
    from: /"201":/,
    to: '"200":',
    told: [
      "POST /api/v1/orders 200: in the document alone",
      "POST /api/v1/orders 201: in the handlers alone",
    ],
  },
  {
    what: "the status of an error",
    from: /"409":/,
    to: '"410":',
    told: [
      "POST /api/v1/orders 409: in the handlers alone",
      "POST /api/v1/orders 410: in the document alone",
    ],
  },
  {
    what: "the fields of an answer",
    from: /total_price/g,
    to: "total",
    told: ["'total_price' does not exist"],
  },
  {
    what: "the fields of a request",
    from: /user_uuid/g,
    to: "buyer_uuid",
    told: ["Property 'user_uuid' does not exist"],
  },
];

const HANDLER_CHANGES: readonly Change[] = [
  {
    what: "the status of a success",
    from: /Answer<orderApi.GetOrderResponse, 200>/,
    to: "Answer<orderApi.GetOrderResponse, 202>",
    told: [
      "GET /api/v1/orders/{order_uuid} 200: in the document alone",
      "GET /api/v1/orders/{order_uuid} 202: in the handlers alone",
    ],
  },
  {
    what: "the status of an error",
    from: /Refusal<404>/,
    to: "Refusal<404 | 410>",
    told: ["GET /api/v1/orders/{order_uuid} 410: in the handlers alone"],
  },
  {
    what: "the fields of a request",
    from: /jsonBody\(orderApi.CreateOrderBody\)/,
    to: "jsonBody(orderApi.CreateOrderBody.extend({ coupon: orderApi.Uuid.optional() }))",
    told: ["POST /api/v1/orders json: not the same in both"],
  },
  {
    what: "the parameters of a path",
    from: /pathParams\(orderApi.GetOrderParams\)/,
    to: "pathParams(orderApi.GetOrderParams.extend({ version: orderApi.Uuid }))",
    told: ["GET /api/v1/orders/{order_uuid} param: not the same in both"],
  },
];

const ANSWER_CHANGES: readonly Change[] = [
  {
    what: "the fields of an answer",
    from: /status: order.status,/,
    to: "",
    told: [`Property '"status"' is missing`],
  },
];

Deno.test("a document that changes alone does not compile, and the errors say where", async (t) => {
  await using copy = await copyWorkspace();
  await changeFile(new URL("proto/order/v1/order.openapi.yaml", copy.root), DOCUMENT_CHANGES);
  const generating = await runDeno(copy, [
    "run",
    "--quiet",
    "--allow-read",
    "--allow-write",
    "--allow-env",
    "--allow-sys",
    "--allow-run",
    "proto/generate.ts",
  ]);
  assert.ok(generating.success, generating.output);
  await assertRefused(t, copy, DOCUMENT_CHANGES);
});

Deno.test("handlers that change alone do not compile, and the errors say where", async (t) => {
  await using copy = await copyWorkspace();
  await changeFile(new URL("order/api/orders.ts", copy.root), HANDLER_CHANGES);
  await changeFile(new URL("order/api/answers.ts", copy.root), ANSWER_CHANGES);
  await assertRefused(t, copy, [...HANDLER_CHANGES, ...ANSWER_CHANGES]);
});

/** All changes go into one file and are checked in one go, as the checker takes seconds to begin. */
async function changeFile(file: URL, changes: readonly Change[]): Promise<void> {
  let text = await Deno.readTextFile(file);
  for (const { what, from, to } of changes) {
    assert.ok(text.search(from) >= 0, `there is nothing to change in ${file.pathname} for: ${what}`);
    text = text.replace(from, to);
  }
  await Deno.writeTextFile(file, text);
}

async function assertRefused(
  t: Deno.TestContext,
  copy: WorkspaceCopy,
  changes: readonly Change[],
): Promise<void> {
  const { success, output } = await runDeno(copy, ["check", "--quiet", "order/client.ts"]);
  assert.ok(!success);
  for (const { what, told } of changes) {
    await t.step(what, () => told.forEach((words) => assert.ok(output.includes(words), output)));
  }
}

async function runDeno(copy: WorkspaceCopy, args: string[]) {
  const env = { NO_COLOR: "1" };
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: copy.root, env })
    .output();
  return { success, output: [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("") };
}
