import assert from "node:assert/strict";
import type { Certificate } from "./redis_servers.ts";

/** Makes a certificate for 127.0.0.1 and an authority that signs it, with the openssl at `program`, in a folder. */
export async function makeCertificate(program: string, folder: string): Promise<Certificate> {
  const openssl = async (...args: readonly string[]) => {
    const { success, stderr } = await new Deno.Command(program, { args: [...args], cwd: folder }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
  };
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  await openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority");
  await openssl(
    ...["req", "-x509", ...newKey, "-CA", "ca.pem", "-CAkey", "ca.key", "-keyout", "server.key"],
    ...["-out", "server.pem", "-subj", "/CN=redis", "-addext", "subjectAltName=IP:127.0.0.1"],
    ...["-addext", "basicConstraints=critical,CA:FALSE"],
  );
  return {
    certFile: `${folder}/server.pem`,
    keyFile: `${folder}/server.key`,
    caFile: `${folder}/ca.pem`,
  };
}
