import assert from "node:assert/strict";
import { captureLog } from "../testing/captured_log.ts";
import { createAuthority, HAS_OPENSSL } from "../testing/certificates.ts";
import { PLAINTEXT } from "./common_variables.ts";
import { readConfig } from "./config.ts";
import { InvalidConfig } from "./read_variable.ts";
import { denoFlags } from "./permissions.ts";
import { warnOfPlaintext } from "./plaintext.ts";
import { GRPC_TLS, GRPC_TLS_VARIABLES, HTTP_TLS, HTTP_TLS_VARIABLES } from "./tls_variables.ts";
import { host, target } from "./variable.ts";

/** The variables of a service with both doors and a client. */
const VARIABLES = {
  plaintext: PLAINTEXT,
  ...GRPC_TLS_VARIABLES,
  ...HTTP_TLS_VARIABLES,
  grpcHost: host("GRPC_HOST", "127.0.0.1", GRPC_TLS),
  httpHost: host("HTTP_HOST", "127.0.0.1", HTTP_TLS),
  target: target("TARGET", "127.0.0.1:1", GRPC_TLS),
} as const;

function read(environment: Readonly<Record<string, string>>) {
  return readConfig(VARIABLES, (name) => environment[name]);
}

/** The lines of the refusal, without the headline. */
function problemsOf(environment: Readonly<Record<string, string>>): readonly string[] {
  try {
    read(environment);
  } catch (error) {
    if (error instanceof InvalidConfig) return error.message.split("\n").slice(1).map((line) => line.trim());
    throw error;
  }
  return [];
}

Deno.test("doors and targets on this machine need no TLS", () => {
  for (const own of ["127.0.0.1", "127.8.9.10", "localhost", "::1"]) {
    const address = own === "::1" ? "[::1]" : own;
    assert.deepEqual(problemsOf({ GRPC_HOST: own, HTTP_HOST: own, TARGET: `${address}:1` }), [], own);
  }
});

Deno.test("12.2.1, 12.3.1: a door or a target beyond this machine is refused without TLS, each by name", () => {
  assert.deepEqual(problemsOf({ GRPC_HOST: "0.0.0.0", HTTP_HOST: "::", TARGET: "iam:1" }), [
    'GRPC_HOST is "0.0.0.0": must be on localhost, 127.0.0.0/8 or ::1, unless GRPC_TLS_CERT and GRPC_TLS_KEY are set or PLAINTEXT=allow',
    'HTTP_HOST is "::": must be on localhost, 127.0.0.0/8 or ::1, unless HTTP_TLS_CERT and HTTP_TLS_KEY are set or PLAINTEXT=allow',
    'TARGET is "iam:1": must be on localhost, 127.0.0.0/8 or ::1, unless GRPC_TLS_CERT and GRPC_TLS_KEY are set or PLAINTEXT=allow',
  ]);
  for (const far of ["10.0.0.1", "127.0.0.1.example.com", "localhost.example.com", "::2", "1127.0.0.1"]) {
    assert.equal(problemsOf({ GRPC_HOST: far }).length, 1, far);
  }
});

Deno.test("PLAINTEXT=allow lets them, and is warned of in one line that names them", () => {
  const { log, lines } = captureLog();
  warnOfPlaintext(VARIABLES, read({ PLAINTEXT: "allow", GRPC_HOST: "0.0.0.0", TARGET: "iam:1" }), log);
  assert.equal(lines.length, 1);
  assert.deepEqual([lines[0]?.["level"], lines[0]?.["variables"]], ["warn", ["GRPC_HOST", "TARGET"]]);
});

Deno.test("nothing is warned of on this machine, whatever PLAINTEXT says", () => {
  const { log, lines } = captureLog();
  warnOfPlaintext(VARIABLES, read({ PLAINTEXT: "allow" }), log);
  assert.deepEqual(lines, []);
});

Deno.test({
  name: "with TLS a door and a target may be anywhere, and the service may read exactly these files",
  ignore: !HAS_OPENSSL,
  fn: async () => {
    await using authority = await createAuthority();
    const { cert, key, ca } = await authority.issue("DNS:iam");
    const environment = {
      ...{ GRPC_TLS_CERT: cert, GRPC_TLS_KEY: key, GRPC_TLS_CA: ca },
      ...{ HTTP_TLS_CERT: cert, HTTP_TLS_KEY: key },
      ...{ GRPC_HOST: "0.0.0.0", HTTP_HOST: "0.0.0.0", TARGET: "iam:1" },
    };
    const readableFor = (environment: Readonly<Record<string, string>>) =>
      denoFlags(VARIABLES, (name) => environment[name]).find((flag) => flag.startsWith("--allow-read="))
        ?.split(/[=,]/);
    const without = readableFor({}) ?? [];
    assert.deepEqual(
      new Set(readableFor(environment)?.filter((path) => !without.includes(path))),
      new Set([cert, key, ca]),
    );
  },
});

Deno.test({
  name: "files that can't be used together, or at all, are refused, each by name",
  ignore: !HAS_OPENSSL,
  fn: async () => {
    await using authority = await createAuthority();
    const [own, other] = [await authority.issue("DNS:iam"), await authority.issue("DNS:order")];
    const missing = `${own.cert}.missing`;
    const table: readonly (readonly [Readonly<Record<string, string>>, readonly RegExp[]])[] = [
      [{ GRPC_TLS_CERT: own.cert }, [/^GRPC_TLS_CERT .*together with GRPC_TLS_KEY, which is missing$/]],
      [{ GRPC_TLS_KEY: own.key }, [/^GRPC_TLS_KEY .*together with GRPC_TLS_CERT, which is missing$/]],
      [{ GRPC_TLS_CA: own.ca }, [/^GRPC_TLS_CA .*together with GRPC_TLS_CERT, which is missing$/]],
      [{ GRPC_TLS_CERT: own.cert, GRPC_TLS_KEY: other.key }, [
        /^GRPC_TLS_KEY .*not that of the certificate$/,
      ]],
      [{ GRPC_TLS_CERT: missing, GRPC_TLS_KEY: own.key }, [/^GRPC_TLS_CERT .*can't be read$/]],
      [
        { GRPC_TLS_CERT: own.key, GRPC_TLS_KEY: own.cert, GRPC_TLS_CA: own.key },
        [
          /^GRPC_TLS_CERT .*no certificate/,
          /^GRPC_TLS_KEY .*no private key/,
          /^GRPC_TLS_CA .*no certificate/,
        ],
      ],
      [{ HTTP_TLS_CERT: "relative.pem", HTTP_TLS_KEY: own.key }, [/^HTTP_TLS_CERT .*absolute path/]],
    ];
    for (const [environment, expected] of table) {
      const problems = problemsOf(environment);
      assert.equal(problems.length, expected.length, problems.join("\n"));
      expected.forEach((pattern, index) => assert.match(problems[index] ?? "", pattern));
    }
  },
});
