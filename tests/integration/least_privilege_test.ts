import { permissionFlags, SERVICE_NAMES, type ServiceName, serviceOf, type StoreName } from "@rocket/dev";
import { freePort } from "@rocket/platform/free-port";
import assert from "node:assert/strict";
import { type Attempt, importUnder, outcomesUnder } from "../support/attempts.ts";
import { freeDoorPorts, portVariables } from "../support/service_ports.ts";

const ROOT = new URL("../../", import.meta.url);

/** A store at whose address nothing runs. */
interface Store {
  readonly owners: readonly ServiceName[];
  readonly address: string;
  /** The variables that lead its owners there. */
  readonly env: Readonly<Record<string, string>>;
  /** The file that holds its URL. */
  readonly file?: string;
}

/** A store that one service owns; its URL is a secret in a file. */
async function ownStore(service: ServiceName, kind: "postgres" | "redis", folder: string): Promise<Store> {
  const address = `127.0.0.1:${freePort()}`;
  const variable = `${service}_${kind}_URL`.toUpperCase();
  const file = `${folder}/${variable}`;
  await Deno.writeTextFile(
    file,
    kind === "postgres" ? `postgres://u:p@${address}/d` : `redis://:p@${address}`,
  );
  return { owners: [service], address, env: { [`${variable}_FILE`]: file }, file };
}

async function storesIn(folder: string): Promise<readonly Store[]> {
  const uses = (kind: StoreName) => SERVICE_NAMES.filter((name) => serviceOf(name).stores.includes(kind));
  const brokers = `127.0.0.1:${freePort()}`;
  return [
    ...await Promise.all(uses("postgres").map((service) => ownStore(service, "postgres", folder))),
    ...await Promise.all(uses("redis").map((service) => ownStore(service, "redis", folder))),
    { owners: uses("kafka"), address: brokers, env: { KAFKA_BROKERS: brokers } },
  ];
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
      return { owners: [service], file: folder + first?.name };
    });
  const secrets = stores.flatMap(({ owners, file }) => file === undefined ? [] : [{ owners, file }]);
  const owned = [...await Promise.all(migrations), ...secrets];
  const others = ["/etc/passwd", "/proc/self/environ", new URL("deno.json", ROOT).pathname];
  return [
    ...owned.map(({ owners, file }) =>
      [["read", file], owners.includes(name) ? PERMITTED : REFUSED] as const
    ),
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
    ...stores.map(({ owners, address }) => ({ address, isReached: owners.includes(name) })),
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
      ...Object.assign({}, ...stores.map(({ env }) => env)),
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
