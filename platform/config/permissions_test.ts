import assert from "node:assert/strict";
import { denoFlags, type Needs } from "./permissions.ts";
import { storeTarget } from "./store_target.ts";

function flag(name: string, needs: Partial<Needs>): string | undefined {
  const flags = denoFlags({ listen: [], dial: [], environment: ["LOG_LEVEL"], read: [], ...needs });
  return flags.find((flag) => flag.startsWith(`--${name}=`))?.slice(name.length + 3);
}

for (
  const [what, needs, net] of [
    ["an address to listen on", { listen: [{ host: "0.0.0.0", port: 50051 }] }, "0.0.0.0:50051"],
    ["an IPv6 address to listen on", { listen: [{ host: "::1", port: 80 }] }, "[::1]:80"],
    ["a literal address to dial", { dial: ["127.0.0.1:50053"] }, "127.0.0.1:50053"],
    ["a literal IPv6 address to dial", { dial: ["[fd00::1]:50053"] }, "[fd00::1]:50053"],
    ["localhost by name", { dial: ["localhost:50053"] }, "localhost,127.0.0.0/8,[::1]"],
    [
      "another machine by name",
      { dial: ["iam:50053"] },
      "iam,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,127.0.0.0/8",
    ],
    ["the same twice", { dial: ["127.0.0.1:1", "127.0.0.1:1"] }, "127.0.0.1:1"],
  ] as const
) {
  Deno.test(`${what} is allowed as ${net}`, () => assert.equal(flag("allow-net", needs), net));
}

Deno.test("the environment is what is named, and the rest reads as absent", () => {
  assert.equal(flag("allow-env", { environment: ["A", "B_C"] }), "A,B_C");
  assert.ok(denoFlags({ listen: [], dial: [], environment: ["A"], read: [] }).includes("--ignore-env"));
});

Deno.test("paths are given as the system writes them, commas among them", () => {
  const paths = flag("allow-read", { read: ["file:///srv/a%20b/", "file:///srv/c,d"] })?.split(
    /(?<!,),(?!,)/,
  );
  assert.deepEqual(paths?.slice(-2), ["/srv/a b/", "/srv/c,,d"]);
});

Deno.test("native code is allowed to those who name it, and to nobody else", () => {
  assert.equal(flag("allow-ffi", { nativeLibraries: ["file:///srv/argon2/"] }), "/srv/argon2/");
  assert.equal(flag("allow-ffi", {}), undefined);
});

Deno.test("nothing is ever allowed whole, and nothing is asked for", () => {
  const flags = denoFlags({ listen: [], dial: ["a:1"], environment: ["A"], read: [], nativeLibraries: [] });
  assert.ok(flags.includes("--no-prompt"));
  for (const flag of flags) assert.doesNotMatch(flag, /^(-A|--allow-all|--allow-[a-z]+)$/);
  for (const kind of ["run", "write", "import"]) {
    assert.ok(!flags.some((flag) => flag.startsWith(`--allow-${kind}`)), kind);
  }
});

for (
  const [url, defaultPort, target] of [
    ["postgres://u:p@db:6543/iam", 5432, "db:6543"],
    ["postgres://u:p@db/iam", 5432, "db:5432"],
    ["redis://[::1]/1", 6379, "[::1]:6379"],
  ] as const
) {
  Deno.test(`the store of ${url} is at ${target}`, () => assert.equal(storeTarget(url, defaultPort), target));
}
