import { permissionFlags } from "@rocket/dev";
import type { FieldViolation } from "@rocket/platform/core";
import { createHealthProbe, readErrorDetails } from "@rocket/platform/grpc";
import type { PayOrderRequest } from "@rocket/proto/payment";
import assert from "node:assert/strict";
import { errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { startPaymentAlone } from "./payment_alone.ts";

const METHOD_RULE =
  "must be one of PAYMENT_METHOD_CARD, PAYMENT_METHOD_SBP, PAYMENT_METHOD_CREDIT_CARD, PAYMENT_METHOD_INVESTOR_MONEY";

/** A value that a client with a newer contract might send. */
const UNKNOWN_METHOD: number = 5;

/** Invalid fields, with all their violations. */
const INVALID_FIELDS: readonly (readonly [string, Partial<PayOrderRequest>, readonly FieldViolation[]])[] = [
  ["no order", { orderUuid: "" }, [{ field: "order_uuid", message: "must be a UUID" }]],
  ["a malformed user", { userUuid: "me" }, [{ field: "user_uuid", message: "must be a UUID" }]],
  ["the unspecified method", { paymentMethod: 0 }, [{ field: "payment_method", message: METHOD_RULE }]],
  ["an unknown method", { paymentMethod: UNKNOWN_METHOD }, [
    { field: "payment_method", message: METHOD_RULE },
  ]],
  ["everything at once", { orderUuid: "x", userUuid: "", paymentMethod: 0 }, [
    { field: "order_uuid", message: "must be a UUID" },
    { field: "user_uuid", message: "must be a UUID" },
    { field: "payment_method", message: METHOD_RULE },
  ]],
];

Deno.test("payment's gRPC API", async (t) => {
  await using payment = await startPaymentAlone();
  const { system, iam, own, session, service } = payment;
  const otherSession = { "session-uuid": iam.openSession().sessionUuid };
  const unknown = { "session-uuid": crypto.randomUUID() };
  const wrongToken = { "service-token": `${service["service-token"]}x` };

  const CALLERS = [
    ["a service, for any user", service],
    ["a service that forwards another user's session", { ...otherSession, ...service }],
  ] as const;
  for (const [who, metadata] of CALLERS) {
    await t.step(`${who} pays, and the charge is logged`, async () => {
      const orderUuid = crypto.randomUUID();
      const transactionUuid = await payment.pay({ orderUuid, paymentMethod: 4 }, metadata);
      assert.deepEqual(await payment.chargesOf(orderUuid), [
        { orderUuid, transactionUuid, method: "INVESTOR_MONEY", userUuid: own.userUuid },
      ]);
    });
  }

  const REFUSED = [
    ["the user's own session", session, "PERMISSION_DENIED", "SERVICES_ONLY"],
    ["another user's session", otherSession, "PERMISSION_DENIED", "SERVICES_ONLY"],
    ["an unknown session", unknown, "UNAUTHENTICATED", "SESSION_INVALID"],
    ["no metadata", {}, "UNAUTHENTICATED", "SESSION_INVALID"],
    ["an empty token", { "service-token": "" }, "UNAUTHENTICATED", "SERVICE_TOKEN_INVALID"],
    ["a wrong token", wrongToken, "UNAUTHENTICATED", "SERVICE_TOKEN_INVALID"],
    [
      "a wrong token with the user's session",
      { ...session, ...wrongToken },
      "UNAUTHENTICATED",
      "SERVICE_TOKEN_INVALID",
    ],
  ] as const;
  for (const [what, metadata, code, reason] of REFUSED) {
    await t.step(`${what} is refused as ${code}, ${reason}, and nothing is charged`, async () => {
      const orderUuid = crypto.randomUUID();
      const error = await errorOf(payment.pay({ orderUuid }, metadata));
      assert.equal(await statusOf(Promise.reject(error)), code);
      assert.equal(readErrorDetails(error.metadata).info?.reason, reason);
      assert.deepEqual(await payment.chargesOf(orderUuid), []);
    });
  }

  await t.step("a caller without access learns nothing about the request's mistakes", async () => {
    assert.equal(await statusOf(payment.pay({ orderUuid: "x" }, {})), "UNAUTHENTICATED");
    assert.equal(await statusOf(payment.pay({ orderUuid: "x" }, session)), "PERMISSION_DENIED");
  });

  for (const [what, order, violations] of INVALID_FIELDS) {
    await t.step(`${what} is INVALID_ARGUMENT and is named`, async () => {
      const error = await errorOf(payment.pay(order));
      assert.equal(await statusOf(Promise.reject(error)), "INVALID_ARGUMENT");
      assert.deepEqual(readErrorDetails(error.metadata).violations, violations);
    });
  }

  await t.step("health needs no session and is SERVING without any store", async () => {
    await using health = createHealthProbe("payment", system.variable("PAYMENT_GRPC_TARGET"));
    await health.probe();
  });

  await t.step("it is permitted only its own port, IAM and its variables", async () => {
    const root = new URL("../../../", import.meta.url);
    const names = ["PAYMENT_GRPC_PORT", "IAM_GRPC_TARGET", "SERVICE_TOKEN"];
    const env = Object.fromEntries(names.map((name) => [name, system.variable(name)]));
    const flags = await permissionFlags("payment", root, env);
    const allowed = Object.fromEntries(flags.map((flag) => flag.split("=")));
    assert.equal(allowed["--allow-net"], `127.0.0.1:${env["PAYMENT_GRPC_PORT"]},${env["IAM_GRPC_TARGET"]}`);
    assert.deepEqual(allowed["--allow-env"]?.split(",").toSorted(), [
      ...["GRPC_REFLECTION", "GRPC_TLS_CA", "GRPC_TLS_CERT", "GRPC_TLS_KEY", "IAM_GRPC_TARGET"],
      ...["LOG_FORMAT", "LOG_LEVEL"],
      ...["PAYMENT_FAULT", "PAYMENT_GRPC_HOST", "PAYMENT_GRPC_PORT", "PLAINTEXT", "SERVICE_NAMES"],
      ...["SERVICE_TOKEN", "SERVICE_TOKEN_FILE", "SHUTDOWN_DELAY", "SHUTDOWN_TIMEOUT"],
    ]);
    for (const path of allowed["--allow-read"]?.split(",") ?? []) {
      assert.match(path, /grpc-health|reflection/);
    }
    assert.deepEqual(Object.keys(allowed).filter((flag) => /run|write|ffi|all$/.test(flag)), []);
  });

  await t.step("on start it logs that no money moves, and does not mention PAYMENT_FAULT", async () => {
    const lines = await system.process("payment").linesUntil(/"msg":"ready"/);
    assert.ok(
      lines.some((line) => line.includes("using a stand-in for a payment provider: no money moves")),
    );
    assert.ok(!lines.some((line) => line.includes("PAYMENT_FAULT")));
  });

  await t.step(
    "if IAM is down, calls with a session are UNAVAILABLE and calls by services still work",
    async () => {
      await iam.stop();
      assert.equal(await statusOf(payment.pay({}, session)), "UNAVAILABLE");
      assert.equal(await statusOf(payment.pay()), "OK");
    },
  );

  await t.step("no log line shows the token or a session", async () => {
    await system.stop("payment");
    const log = system.process("payment").output.join("\n");
    for (const secret of [system.variable("SERVICE_TOKEN"), own.sessionUuid]) {
      assert.ok(!log.includes(secret));
    }
  });
});
