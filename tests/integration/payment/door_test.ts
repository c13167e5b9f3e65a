import { permissionFlags } from "@rocket/dev";
import type { FieldViolation } from "@rocket/platform/core";
import { createHealthProbe, readErrorDetails } from "@rocket/platform/grpc";
import type { PayOrderRequest } from "@rocket/proto/payment";
import assert from "node:assert/strict";
import { errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import { startPaymentAlone } from "./payment_alone.ts";

const METHOD_RULE =
  "must be one of PAYMENT_METHOD_CARD, PAYMENT_METHOD_SBP, PAYMENT_METHOD_CREDIT_CARD, PAYMENT_METHOD_INVESTOR_MONEY";

/** A request that a client with a later contract might send. */
const NO_METHOD: number = 5;

/** Invalid fields, and all their violations. */
const BROKEN: readonly (readonly [string, Partial<PayOrderRequest>, readonly FieldViolation[]])[] = [
  ["no order", { orderUuid: "" }, [{ field: "order_uuid", message: "must be a UUID" }]],
  ["a malformed user", { userUuid: "me" }, [{ field: "user_uuid", message: "must be a UUID" }]],
  ["the unspecified method", { paymentMethod: 0 }, [{ field: "payment_method", message: METHOD_RULE }]],
  ["an unknown method", { paymentMethod: NO_METHOD }, [
    { field: "payment_method", message: METHOD_RULE },
  ]],
  ["everything at once", { orderUuid: "x", userUuid: "", paymentMethod: 0 }, [
    { field: "order_uuid", message: "must be a UUID" },
    { field: "user_uuid", message: "must be a UUID" },
    { field: "payment_method", message: METHOD_RULE },
  ]],
];

Deno.test("payment's gRPC door", async (t) => {
  await using payment = await startPaymentAlone();
  const { system, iam, own, session, service } = payment;
  const anothers = { "session-uuid": iam.openSession().sessionUuid };
  const unknown = { "session-uuid": crypto.randomUUID() };
  const wrongToken = { "service-token": `${service["service-token"]}x` };

  const CALLERS = [
    ["the user's own session", session, "session"],
    ["a service, for any user", service, "service"],
    ["a service that forwards another's session", { ...anothers, ...service }, "service"],
  ] as const;
  for (const [who, metadata, caller] of CALLERS) {
    await t.step(`${who} pays, and the charge is logged`, async () => {
      const orderUuid = crypto.randomUUID();
      const transactionUuid = await payment.pay({ orderUuid, paymentMethod: 4 }, metadata);
      assert.deepEqual(await payment.chargesOf(orderUuid), [
        { orderUuid, transactionUuid, method: "INVESTOR_MONEY", caller },
      ]);
    });
  }

  const STRANGERS = [
    ["another's session", anothers, "PERMISSION_DENIED", "USER_NOT_OWN"],
    ["an unknown session", unknown, "UNAUTHENTICATED", "SESSION_INVALID"],
    ["nothing", {}, "UNAUTHENTICATED", "SESSION_INVALID"],
    ["an empty token", { "service-token": "" }, "UNAUTHENTICATED", "SERVICE_TOKEN_INVALID"],
    ["a wrong token", wrongToken, "UNAUTHENTICATED", "SERVICE_TOKEN_INVALID"],
    [
      "a wrong token with the user's session",
      { ...session, ...wrongToken },
      "UNAUTHENTICATED",
      "SERVICE_TOKEN_INVALID",
    ],
  ] as const;
  for (const [what, metadata, code, reason] of STRANGERS) {
    await t.step(`${what} pays nothing: ${code}, ${reason}`, async () => {
      const orderUuid = crypto.randomUUID();
      const error = await errorOf(payment.pay({ orderUuid }, metadata));
      assert.equal(await statusOf(Promise.reject(error)), code);
      assert.equal(readErrorDetails(error.metadata).info?.reason, reason);
      assert.deepEqual(await payment.chargesOf(orderUuid), []);
    });
  }

  await t.step("a caller without access learns nothing about the request's mistakes", async () => {
    assert.equal(await statusOf(payment.pay({ orderUuid: "x" }, {})), "UNAUTHENTICATED");
  });

  for (const [what, order, violations] of BROKEN) {
    await t.step(`${what} is INVALID_ARGUMENT and is named`, async () => {
      for (const metadata of [session, service]) {
        const error = await errorOf(payment.pay(order, metadata));
        assert.equal(await statusOf(Promise.reject(error)), "INVALID_ARGUMENT");
        assert.deepEqual(readErrorDetails(error.metadata).violations, violations);
      }
    });
  }

  await t.step("health needs no session and is SERVING without any store", async () => {
    await using health = createHealthProbe("payment", system.variable("PAYMENT_GRPC_TARGET"));
    await health.probe();
  });

  await t.step("it runs with the permissions it needs by name: its port, IAM and its variables", async () => {
    const root = new URL("../../../", import.meta.url);
    const names = ["PAYMENT_GRPC_PORT", "IAM_GRPC_TARGET", "SERVICE_TOKEN"];
    const env = Object.fromEntries(names.map((name) => [name, system.variable(name)]));
    const flags = await permissionFlags("payment", root, env);
    const allowed = Object.fromEntries(flags.map((flag) => flag.split("=")));
    assert.equal(allowed["--allow-net"], `127.0.0.1:${env["PAYMENT_GRPC_PORT"]},${env["IAM_GRPC_TARGET"]}`);
    assert.deepEqual(allowed["--allow-env"]?.split(",").toSorted(), [
      ...["IAM_GRPC_TARGET", "LOG_FORMAT", "LOG_LEVEL", "PAYMENT_FAULT", "PAYMENT_GRPC_HOST"],
      ...["PAYMENT_GRPC_PORT", "SERVICE_TOKEN", "SHUTDOWN_TIMEOUT"],
    ]);
    for (const path of allowed["--allow-read"]?.split(",") ?? []) {
      assert.match(path, /grpc-health|reflection/);
    }
    assert.deepEqual(Object.keys(allowed).filter((flag) => /run|write|ffi|all$/.test(flag)), []);
  });

  await t.step("at its start it logs that no money moves, and mentions no fault", async () => {
    const lines = await system.process("payment").linesUntil(/"msg":"ready"/);
    assert.ok(
      lines.some((line) => line.includes("using a stand-in for a payment provider: no money moves")),
    );
    assert.ok(!lines.some((line) => line.includes("PAYMENT_FAULT")));
  });

  await t.step("if IAM is down, sessions are UNAVAILABLE and services go on", async () => {
    await iam.stop();
    assert.equal(await statusOf(payment.pay()), "UNAVAILABLE");
    assert.equal(await statusOf(payment.pay({}, service)), "OK");
  });

  await t.step("no log line shows the token or a session", async () => {
    await system.stop("payment");
    const log = system.process("payment").output.join("\n");
    for (const secret of [system.variable("SERVICE_TOKEN"), own.sessionUuid]) {
      assert.ok(!log.includes(secret));
    }
  });
});
