import assert from "node:assert/strict";
import { captureLog } from "../testing/captured_log.ts";
import { createAuthority, HAS_OPENSSL, replaceCertificate } from "../testing/certificates.ts";
import { eventually } from "../testing/eventually.ts";
import { watchTlsFiles } from "./tls_files.ts";

const READ_EVERY_MS = 10;

/** Files that are read, and what was logged and announced. */
async function setUp(now?: () => number) {
  const owned = new AsyncDisposableStack();
  const authority = owned.use(await createAuthority());
  const paths = await authority.issue("DNS:iam");
  const { log, lines } = captureLog();
  const files = owned.use(watchTlsFiles(paths, log, { intervalMs: READ_EVERY_MS, ...(now && { now }) }));
  const announced: string[] = [];
  files.onChange(({ cert }) => announced.push(cert.toString()));
  return { authority, paths, files, lines, announced, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

Deno.test({
  name: "a changed certificate is announced with its key, and logged without it",
  ignore: !HAS_OPENSSL,
  fn: async () => {
    await using set = await setUp();
    const next = await set.authority.issue("DNS:iam", "DNS:iam.internal");
    const [cert, key] = [await Deno.readTextFile(next.cert), await Deno.readTextFile(next.key)];
    await replaceCertificate(set.paths, next);
    await eventually(() => assert.deepEqual(set.announced, [cert]));
    assert.equal(set.files.current.key.toString(), key);
    const [line] = set.lines;
    assert.equal(line?.["msg"], "TLS files reloaded");
    assert.equal(line?.["names"], "DNS:iam, DNS:iam.internal");
    assert.doesNotMatch(JSON.stringify(set.lines), /PRIVATE KEY/);
  },
});

const breaks: Readonly<
  Record<string, (set: Awaited<ReturnType<typeof setUp>>) => Promise<{ problem: RegExp }>>
> = {
  async "is no certificate"({ paths }) {
    await Deno.writeTextFile(paths.cert, "junk");
    return { problem: /no certificate/ };
  },
  async "belongs to another key"({ authority, paths }) {
    await Deno.copyFile((await authority.issue("DNS:iam")).cert, paths.cert);
    return { problem: /not that of the certificate/ };
  },
  async "is removed"({ paths }) {
    await Deno.remove(paths.cert);
    return { problem: /can't be read/ };
  },
};

for (const [what, breakFile] of Object.entries(breaks)) {
  Deno.test({
    name: `a changed certificate that ${what} is warned of, and the previous one stays in use`,
    ignore: !HAS_OPENSSL,
    fn: async () => {
      await using set = await setUp();
      const before = set.files.current;
      const { problem } = await breakFile(set);
      await eventually(() => assert.equal(set.lines[0]?.["level"], "warn"));
      assert.equal(set.files.current, before);
      assert.match(JSON.stringify(set.lines[0]), problem);

      const next = await set.authority.issue("DNS:iam");
      const cert = await Deno.readTextFile(next.cert);
      await replaceCertificate(set.paths, next);
      await eventually(() => assert.deepEqual(set.announced, [cert]));
      assert.equal(set.lines.at(-1)?.["msg"], "TLS files reloaded");
    },
  });
}

Deno.test({
  name: "a certificate that nears its end is warned of, once a day, until it is replaced",
  ignore: !HAS_OPENSSL,
  fn: async () => {
    const HOUR_MS = 3_600_000;
    const clock = { ms: Date.now() };
    await using set = await setUp(() => clock.ms);
    const warnings = () => set.lines.filter(({ msg }) => msg === "TLS certificate expires soon").length;
    // It is valid for two days.
    clock.ms += 40 * HOUR_MS;
    await eventually(() => assert.equal(warnings(), 1));
    assert.equal(set.lines[0]?.["names"], "DNS:iam");
    clock.ms += 25 * HOUR_MS;
    await eventually(() => assert.equal(warnings(), 2));
    clock.ms -= 65 * HOUR_MS;
    await replaceCertificate(set.paths, await set.authority.issue("DNS:iam"));
    await eventually(() => assert.equal(set.lines.at(-1)?.["msg"], "TLS files reloaded"));
    assert.equal(warnings(), 2);
  },
});
