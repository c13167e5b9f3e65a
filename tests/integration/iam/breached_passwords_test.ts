import { readErrorDetails } from "@rocket/platform/grpc";
import { createAuthority, HAS_OPENSSL } from "@rocket/platform/testing/certificates";
import { answerOf, errorOf, statusOf } from "@rocket/platform/testing/raw-client";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fetchIam } from "../../support/iam_client.ts";
import { newPerson, registerAndLogIn } from "../../support/person.ts";
import { startSystem, type System } from "../../support/system.ts";

const BREACHED = "correct horse battery staple";
const MESSAGE = "was in a data breach, so it is guessed first: choose another";

/** A range service that knows one breached password. */
function startRangeService(certificate: { readonly cert?: string; readonly key?: string } = {}) {
  const hash = createHash("sha1").update(BREACHED).digest("hex").toUpperCase();
  const paths: string[] = [];
  const tls = certificate.cert === undefined || certificate.key === undefined ? {} : {
    cert: certificate.cert,
    key: certificate.key,
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {}, ...tls }, (request) => {
    const { pathname } = new URL(request.url);
    paths.push(pathname);
    return new Response(pathname.endsWith(hash.slice(0, 5)) ? `${hash.slice(5)}:42\r\n` : "");
  });
  const url = `${tls.cert === undefined ? "http" : "https"}://127.0.0.1:${server.addr.port}/range`;
  return { url, paths, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Registers a new person, which must be refused. @returns The fields that break a rule. */
async function failToRegister(system: System, password: string) {
  const { login, email } = newPerson();
  const info = { info: { login, email, notificationMethods: [] }, password };
  return readErrorDetails((await errorOf(system.user.register({ info }))).metadata).violations;
}

Deno.test("with a range service configured", async (t) => {
  await using ranges = startRangeService();
  await using system = await startSystem({ services: ["iam"], env: { PASSWORD_RANGE_URL: ranges.url } });

  await t.step("6.2.12: a breached password is refused at a registration through either door", async () => {
    assert.deepEqual(await failToRegister(system, BREACHED), [{ field: "info.password", message: MESSAGE }]);
    const { login, email } = newPerson();
    const overHttp = await fetchIam(system, "/register", { body: { login, email, password: BREACHED } });
    assert.equal(overHttp.status, 400);
    assert.equal((await overHttp.json()).message, `password: ${MESSAGE}`);
  });

  await t.step("6.2.12: a breached password is refused as a new one, and another is taken", async () => {
    const { password, sessionUuid } = await registerAndLogIn(system);
    const change = (newPassword: string) =>
      system.user.changePassword({ oldPassword: password, newPassword }, { "session-uuid": sessionUuid });
    const refused = await errorOf(change(BREACHED));
    assert.deepEqual(readErrorDetails(refused.metadata).violations, [
      { field: "new_password", message: MESSAGE },
    ]);
    await answerOf(change("five stars in a row"));
  });

  await t.step(
    "6.2.12: the service learns 5 digits of each hash, and of no password that breaks a rule",
    async () => {
      const asked = ranges.paths.length;
      assert.match((await failToRegister(system, "password1"))[0]?.message ?? "", /common/);
      assert.equal(ranges.paths.length, asked);
      for (const path of ranges.paths) assert.match(path, /^\/range\/[0-9A-F]{5}$/);
    },
  );

  await t.step(
    "6.2.12: people log in without it, and register while it is down, which is logged",
    async () => {
      const { login, password } = await registerAndLogIn(system);
      await ranges[Symbol.asyncDispose]();
      assert.equal(await statusOf(system.auth.login({ login, password })), "OK");
      await registerAndLogIn(system, { password: BREACHED });
      await system.process("iam").waitForLine(/"password not checked for breaches"/);
    },
  );
});

Deno.test({
  name: "6.2.12: a range service is asked by TLS, if it can be trusted",
  ignore: !HAS_OPENSSL,
  fn: async () => {
    await using owned = new AsyncDisposableStack();
    const files = await owned.use(await createAuthority()).issue("IP:127.0.0.1");
    const [cert, key] = [await Deno.readTextFile(files.cert), await Deno.readTextFile(files.key)];
    const ranges = owned.use(startRangeService({ cert, key }));
    const system = owned.use(
      await startSystem({ services: ["iam"], env: { PASSWORD_RANGE_URL: ranges.url } }),
    );
    await registerAndLogIn(system, { password: BREACHED });
    await system.process("iam").waitForLine(/"password not checked for breaches"/);
    assert.deepEqual(ranges.paths, []);
    await system.stop("iam");
    await system.start("iam", { DENO_CERT: files.ca });
    assert.equal((await failToRegister(system, BREACHED))[0]?.message, MESSAGE);
  },
});
