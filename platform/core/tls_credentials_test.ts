import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { createAuthority, HAS_OPENSSL } from "../testing/certificates.ts";
import { findTlsProblem } from "./tls_credentials.ts";

const DAY_MS = 86_400_000;

Deno.test({
  name: "each of a certificate, its key and its authority is found usable or not, with the reason",
  ignore: !HAS_OPENSSL,
  fn: async () => {
    await using authority = await createAuthority();
    const [own, other] = [await authority.issue("DNS:iam"), await authority.issue("DNS:order")];
    const [cert, key, ca] = [own.cert, own.key, own.ca].map((path) => readFileSync(path));
    const otherKey = readFileSync(other.key);
    const junk = Buffer.from("junk");
    assert.ok(cert !== undefined && key !== undefined && ca !== undefined);

    assert.equal(findTlsProblem("cert", { cert }), undefined);
    assert.equal(findTlsProblem("cert", { cert: Buffer.concat([cert, ca]) }), undefined);
    assert.equal(findTlsProblem("key", { cert, key }), undefined);
    assert.equal(findTlsProblem("ca", { ca }), undefined);

    const half = Buffer.from(cert.toString().replace(/^M.*$/m, ""));
    const table = [
      [findTlsProblem("cert", {}), /can't be read/],
      [findTlsProblem("cert", { cert: junk }), /no certificate/],
      [findTlsProblem("cert", { cert: half }), /no certificate/],
      [findTlsProblem("cert", { cert: Buffer.concat([cert, half]) }), /no certificate/],
      [findTlsProblem("cert", { cert }, Date.now() + 3 * DAY_MS), /expired on/],
      [findTlsProblem("cert", { cert }, Date.now() - DAY_MS), /not valid before/],
      [findTlsProblem("key", { cert, key: otherKey }), /not that of the certificate/],
      [findTlsProblem("key", { cert, key: junk }), /no private key/],
      [findTlsProblem("ca", { ca: key }), /no certificate/],
    ] as const;
    for (const [problem, reason] of table) assert.match(String(problem), reason);
  },
});
