import assert from "node:assert/strict";
import {
  type Authority,
  type Certificate,
  createAuthority,
  HAS_OPENSSL,
  replaceCertificate,
} from "@rocket/platform/testing/certificates";
import { eventually } from "@rocket/platform/testing/eventually";
import { statusOf } from "@rocket/platform/testing/raw-client";
import { PayOrderRequest } from "@rocket/proto/payment";
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
