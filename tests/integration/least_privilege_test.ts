import { permissionFlags, SERVICE_NAMES, type ServiceName, serviceOf, type StoreName } from "@rocket/dev";
import { freePort } from "@rocket/platform/free-port";
import assert from "node:assert/strict";
import { type Attempt, importUnder, outcomesUnder } from "../support/attempts.ts";
import { freeDoorPorts, portVariables } from "../support/service_ports.ts";

const ROOT = new URL("../../", import.meta.url);

/** How a service is led to each kind of store. */
const STORE_VARIABLES: Readonly<Record<StoreName, (service: string, address: string) => readonly string[]>> =
  {
    postgres: (service, address) => [`${service}_POSTGRES_URL`, `postgres://u:p@${address}/${service}`],
    redis: (service, address) => [`${service}_REDIS_URL`, `redis://:p@${address}`],
  };

/** A store of one service: nothing runs at its address, and the variable that leads there is set by a file. */
interface Store {
  readonly service: ServiceName;
  readonly address: string;
  readonly fileVariable: string;
  readonly file: string;
}

async function storesIn(folder: string): Promise<readonly Store[]> {
  const stores = SERVICE_NAMES.flatMap((service) =>
    serviceOf(service).stores.map((kind) => ({ service, kind, address: `127.0.0.1:${freePort()}` }))
  );
  return await Promise.all(stores.map(async ({ service, kind, address }) => {
    const [variable, url = ""] = STORE_VARIABLES[kind](service.toUpperCase(), address);
    const file = `${folder}/${variable}`;
    await Deno.writeTextFile(file, url);
    return { service, address, fileVariable: `${variable}_FILE`, file };
  }));
}

const PERMITTED = /^(done$|failed: ConnectionRefused)/;
const REFUSED = /^refused: /;

/** What the code of a service may do, were it taken over, and what not. */
type Expectation = readonly [attempt: Attempt, outcome: RegExp];

/** A service may read its own migrations and secrets, and nothing else. */
async function readings(name: ServiceName, stores: readonly Store[]): Promise<readonly Expectation[]> {
  const migrations = SERVICE_NAMES.filter((service) => serviceOf(service).stores.includes("postgres"))
    .map(async (service) => {
      const folder = new URL(`migrations/${service}/`, ROOT).pathname;
      const [first] = await Array.fromAsync(Deno.readDir(folder));
      return { service, file: folder + first?.name };
    });
  const owned = [...await Promise.all(migrations), ...stores];
  const others = ["/etc/passwd", "/proc/self/environ", new URL("deno.json", ROOT).pathname];
  return [
    ...owned.map(({ service, file }) => [["read", file], service === name ? PERMITTED : REFUSED] as const),
    ...others.map((file) => [["read", file], REFUSED] as const),
  ];
}

/** A service may connect to its own stores, to the doors of the services that it calls, and to its own. */
function connections(
  name: ServiceName,
  stores: readonly Store[],
  ports: Readonly<Record<string, number>>,
): readonly Expectation[] {
  const { upstreams } = serviceOf(name);
  const doors = SERVICE_NAMES.flatMap((service) =>
    serviceOf(service).doors.map(({ portVariable, targetVariable }) => ({
      address: `127.0.0.1:${ports[portVariable]}`,
      isReached: service === name || (upstreams.includes(service) && targetVariable !== undefined),
    }))
  );
  // The second is where clouds hand out credentials.
  const elsewhere = ["192.0.2.1:443", "169.254.169.254:80", `127.0.0.1:${freePort()}`];
  const addresses = [
    ...stores.map(({ service, address }) => ({ address, isReached: service === name })),
    ...doors,
    ...elsewhere.map((address) => ({ address, isReached: false })),
  ];
  return addresses.map(({ address, isReached }) =>
    [["connect", address], isReached ? PERMITTED : REFUSED] as const
  );
}

/** No service may do any of these. */
function trespasses(folder: string): readonly Expectation[] {
  const attempts: readonly Attempt[] = [
    ["run", "/bin/true"],
    ["run", Deno.execPath()],
    ["write", `${folder}/new`],
    ["write", new URL("migrations/new", ROOT).pathname],
    ["load library", `${folder}/library.so`],
    ["listen", `0.0.0.0:${freePort()}`],
    ["connect to socket", "/var/run/docker.sock"],
  ];
  return attempts.map((attempt) => [attempt, REFUSED]);
}

/** How Deno refuses each kind of module that is none of ours. */
const FOREIGN_MODULES: Readonly<Record<string, RegExp>> = {
  "npm:is-odd": /^refused: .*--cached-only is specified/,
  "https://deno.land/mod.ts": /^refused: .*Requires import access/,
  "http://127.0.0.1:1/mod.ts": /^refused: .*Requires import access/,
};

Deno.test("each service, with the permissions that it runs with, reaches only what is its own", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    const stores = await storesIn(folder);
    const ports = freeDoorPorts();
    const env = {
      SERVICE_TOKEN: "t0ken-of-all-our-services-0123456789",
      LOG_LEVEL: "warn",
      NOT_OURS: "seen",
      ...portVariables(ports),
      ...Object.fromEntries(stores.map(({ fileVariable, file }) => [fileVariable, file])),
    };
    for (const name of SERVICE_NAMES) {
      await t.step(name, async () => {
        const flags = await permissionFlags(name, ROOT, env);
        const table: readonly Expectation[] = [
          [["env", "LOG_LEVEL"], /^warn$/],
          [["env", "NOT_OURS"], /^absent$/],
          ...await readings(name, stores),
          ...connections(name, stores, ports),
          ...trespasses(folder),
        ];
        const outcomes = await outcomesUnder(flags, table.map(([attempt]) => attempt), env);
        assert.equal(outcomes.length, table.length);
        const unexpected = table.flatMap(([attempt, expected], index) => {
          const outcome = outcomes[index] ?? "";
          return expected.test(outcome) ? [] : [`${attempt.join(" ")}: ${outcome}`];
        });
        assert.deepEqual(unexpected, []);
        for (const [module, refusal] of Object.entries(FOREIGN_MODULES)) {
          assert.match(await importUnder(flags, module), refusal);
        }
      });
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
