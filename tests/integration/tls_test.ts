import assert from "node:assert/strict";
import {
  type Authority,
  type Certificate,
  createAuthority,
  HAS_OPENSSL,
  replaceCertificate,
} from "@rocket/platform/testing/certificates";
import { eventually } from "@rocket/platform/testing/eventually";
import { createLogger } from "@rocket/platform/log";
import { createRawClient, type SentMetadata, statusOf } from "@rocket/platform/testing/raw-client";
import { watchTlsFiles } from "@rocket/platform/tls";
import { PaymentMethod, PaymentService, PayOrderRequest } from "@rocket/proto/payment";
import { httpStatus, placeOrder, postPayment, readOrder } from "../support/order_client.ts";
import { plentifulParts } from "../support/parts.ts";
import { registerAndLogIn } from "../support/person.ts";
import { checkSessionFlow } from "../support/session_flow.ts";
import { startSystem } from "../support/system.ts";

/** What the services show each other, at the address where the tests start them. */
function issueFor(authority: Authority): Promise<Certificate> {
  return authority.issue("DNS:localhost", "IP:127.0.0.1");
}

Deno.test({
  name: "12.3.5: one session works at every service over mutual TLS",
  ignore: !HAS_OPENSSL,
  fn: async (t) => {
    await using authority = await createAuthority();
    await using system = await startSystem({ certificate: await issueFor(authority) });
    await checkSessionFlow(t, system);
  },
});

Deno.test({
  name:
    "a service takes a new certificate while it is called, and keeps the old one if the new one is broken",
  ignore: !HAS_OPENSSL,
  fn: async () => {
    await using authority = await createAuthority();
    const files = await issueFor(authority);
    await using system = await startSystem({ services: ["payment"], certificate: files });
    const payment = system.process("payment");
    let isOver = false;
    const load = (async () => {
      while (!isOver) {
        assert.equal(await statusOf(system.payment.payOrder(PayOrderRequest.create())), "UNAUTHENTICATED");
      }
    })();

    await replaceCertificate(files, await issueFor(authority));
    await payment.waitForLine(/"msg":"TLS files reloaded"/);
    await Deno.writeTextFile(files.key, "half a key");
    const [warning] = await payment.waitForLine(/.*changed TLS files can't be used.*/);
    assert.match(warning, /"level":"warn".*no private key/);
    await replaceCertificate(files, await issueFor(authority));
    await payment.waitForLine(/"msg":"TLS files reloaded"/);

    isOver = true;
    await load;
    await eventually(async () => assert.equal((await system.stop("payment")).code, 0));
  },
});

Deno.test({
  name: "12.1.3: the certificate of a service stands for the token, of those that are listed and say so",
  ignore: !HAS_OPENSSL,
  fn: async () => {
    await using authority = await createAuthority();
    const certificate = await authority.issue("DNS:order", "IP:127.0.0.1");
    const env = { SERVICE_TOKEN: "certificate", SERVICE_NAMES: "order,iam" };
    await using system = await startSystem({ services: ["payment"], certificate, env });
    const visitor = await authority.issue("DNS:visitor");
    await using owned = new AsyncDisposableStack();
    const tls = owned.use(
      watchTlsFiles(visitor, createLogger({ service: "test", level: "silent", format: "json" })),
    );
    const target = system.variable("PAYMENT_GRPC_TARGET");
    const ofVisitor = owned.use(createRawClient(PaymentService, target, tls));

    const pay = (client: typeof ofVisitor, metadata: SentMetadata) => {
      const ids = { orderUuid: crypto.randomUUID(), userUuid: crypto.randomUUID() };
      const request = { ...ids, paymentMethod: PaymentMethod.PAYMENT_METHOD_CARD };
      return statusOf(client.payOrder(request, metadata));
    };
    assert.equal(await pay(system.payment, { "service-token": "certificate" }), "OK");
    assert.equal(await pay(system.payment, {}), "UNAUTHENTICATED");
    assert.equal(await pay(ofVisitor, { "service-token": "certificate" }), "UNAUTHENTICATED");
  },
});

Deno.test({
  name: "services that know one another by certificates alone place an order and pay for it",
  ignore: !HAS_OPENSSL,
  fn: async () => {
    await using authority = await createAuthority();
    const certificate = await authority.issue("DNS:order", "IP:127.0.0.1");
    const env = { SERVICE_TOKEN: "certificate", SERVICE_NAMES: "order" };
    await using system = await startSystem({ certificate, env });
    await system.seedParts();
    const { sessionUuid } = await registerAndLogIn(system);
    const [part] = await plentifulParts(system, sessionUuid);
    const { order_uuid } = await placeOrder(system, sessionUuid, [part?.uuid ?? ""]);
    assert.equal(await httpStatus(postPayment(system, sessionUuid, order_uuid)), 200);
    assert.equal((await readOrder(system, sessionUuid, order_uuid)).status, "PAID");
  },
});

Deno.test({
  name: "without an authority of their own, services trust whom the runtime trusts",
  ignore: !HAS_OPENSSL,
  fn: async () => {
    await using authority = await createAuthority();
    const certificate = await issueFor(authority);
    const env = { GRPC_TLS_CA: "" };
    await using system = await startSystem({ services: ["iam", "payment"], certificate, env });
    const { sessionUuid } = await registerAndLogIn(system);
    // Payment asks IAM about the session, and then refuses it, as only services may pay.
    const pay = () =>
      statusOf(system.payment.payOrder(PayOrderRequest.create(), { "session-uuid": sessionUuid }));
    assert.equal(await pay(), "UNAVAILABLE");
    await system.stop("payment");
    await system.start("payment", { DENO_CERT: certificate.ca });
    await eventually(async () => assert.equal(await pay(), "PERMISSION_DENIED"));
  },
});
