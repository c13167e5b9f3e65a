import { connect } from "node:tls";
import type { TlsPaths } from "../core/tls_credentials.ts";

/** Files of a certificate, its key, and the authority that signed it. */
export type Certificate = Required<TlsPaths>;

/** A private authority. Disposing it removes its files. */
export interface Authority extends AsyncDisposable {
  /** The path of its own certificate. */
  readonly ca: string;
  /**
   * Makes a certificate, valid for two days, in new files.
   *
   * @param names What it is for, e.g. `DNS:iam` or `IP:127.0.0.1`.
   */
  issue(...names: readonly string[]): Promise<Certificate>;
}

/** Whether this machine has openssl, which makes the certificates. */
export const HAS_OPENSSL: boolean = await new Deno.Command("openssl", { args: ["version"] }).output()
  .then(({ success }) => success, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];

/** Makes an authority, in a folder of its own. */
export async function createAuthority(): Promise<Authority> {
  const folder = await Deno.makeTempDir();
  const openssl = async (...args: readonly string[]) => {
    const { success, stderr } = await new Deno.Command("openssl", { args: [...args], cwd: folder }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  };
  await openssl(
    ...["req", "-x509", ...NEW_KEY, "-keyout", "ca.key", "-out", "ca.pem"],
    ...["-subj", `/CN=authority ${crypto.randomUUID()}`],
  );
  const ca = `${folder}/ca.pem`;
  let issued = 0;
  return {
    ca,
    async issue(...names) {
      const file = `${folder}/${++issued}`;
      await openssl(
        ...["req", "-x509", ...NEW_KEY, "-CA", "ca.pem", "-CAkey", "ca.key"],
        ...["-keyout", `${file}.key`, "-out", `${file}.pem`, "-subj", "/CN=test"],
        ...["-addext", `subjectAltName=${names.join(",")}`],
        ...["-addext", "basicConstraints=critical,CA:FALSE"],
      );
      return { cert: `${file}.pem`, key: `${file}.key`, ca };
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Puts a certificate and its key into the place of others, as an operator or an orchestrator does. */
export async function replaceCertificate(old: Certificate, { cert, key }: Certificate): Promise<void> {
  await Deno.copyFile(key, `${old.key}.new`);
  await Deno.copyFile(cert, `${old.cert}.new`);
  await Deno.rename(`${old.key}.new`, old.key);
  await Deno.rename(`${old.cert}.new`, old.cert);
}

/**
 * Finds out which certificate a server on this machine shows to a new connection.
 *
 * @param own What to show the server.
 * @returns The certificate, as PEM.
 */
export function shownCertificate(port: number, own: Certificate): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const [ca, cert, key] = [own.ca, own.cert, own.key].map((path) => Deno.readTextFileSync(path));
  const socket = connect(
    { host: "localhost", port, ca, cert, key, ALPNProtocols: ["h2", "http/1.1"] },
    () => {
      resolve(socket.getPeerX509Certificate()?.toString() ?? "none");
      socket.destroy();
    },
  );
  socket.on("error", reject);
  return promise;
}
