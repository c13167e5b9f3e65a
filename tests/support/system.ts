import type { ServiceDefinition } from "@grpc/grpc-js";
import {
  type Backing,
  DATABASES,
  seedInventory,
  type ServiceName,
  serviceOf,
  startBacking,
  storesOf,
  type Variables,
  withServiceToken,
  withStores,
} from "@rocket/dev";
import { AuthService, SessionService, UserService } from "@rocket/proto/iam";
import { InventoryService } from "@rocket/proto/inventory";
import { PaymentService } from "@rocket/proto/payment";
import { ASSEMBLY_FILES, ASSEMBLY_VARIABLES } from "@rocket/assembly/config";
import { IAM_FILES, IAM_VARIABLES } from "@rocket/iam/config";
import { INVENTORY_FILES, INVENTORY_VARIABLES } from "@rocket/inventory/config";
import { NOTIFICATION_FILES, NOTIFICATION_VARIABLES } from "@rocket/notification/config";
import { ORDER_FILES, ORDER_VARIABLES } from "@rocket/order/config";
import { PAYMENT_VARIABLES } from "@rocket/payment/config";
import { denoFlags, type Environment } from "@rocket/platform/config";
import { createLogger } from "@rocket/platform/log";
import type { Certificate } from "@rocket/platform/testing/certificates";
import { createRawClient, type RawClient } from "@rocket/platform/testing/raw-client";
import { type TlsFiles, watchTlsFiles } from "@rocket/platform/tls";
import { startProcess, type TestProcess } from "./process.ts";
import { freeDoorPorts, portVariables } from "./service_ports.ts";
import { usedSecrets } from "./used_secrets.ts";

/** Options of a system under test. */
export interface SystemOptions {
  /** The services to start; default {@linkcode CORE_SERVICES}. The system has only the databases and stores that they own. */
  readonly services?: readonly ServiceName[];
  /** Overrides the default variables; the same for every service. */
  readonly env?: Variables;
  /** ICU locale of the databases; the server's own by default. */
  readonly icuLocale?: string;
  /** What every service and every client shows; without it there is no TLS. */
  readonly certificate?: Certificate;
}

/** Each service's Deno permissions, derived as in its `config.ts`; running that for each start would take longer. */
const FLAGS: Readonly<Record<ServiceName, (environment: Environment) => readonly string[]>> = {
  iam: (environment) => denoFlags(IAM_VARIABLES, environment, IAM_FILES),
  inventory: (environment) => denoFlags(INVENTORY_VARIABLES, environment, INVENTORY_FILES),
  payment: (environment) => denoFlags(PAYMENT_VARIABLES, environment),
  order: (environment) => denoFlags(ORDER_VARIABLES, environment, ORDER_FILES),
  assembly: (environment) => denoFlags(ASSEMBLY_VARIABLES, environment, ASSEMBLY_FILES),
  notification: (environment) => denoFlags(NOTIFICATION_VARIABLES, environment, NOTIFICATION_FILES),
};

/** The services that do their work without Kafka. With these alone it is not started, and events wait in the outboxes. */
export const CORE_SERVICES = [
  "iam",
  "inventory",
  "payment",
  "order",
] as const satisfies readonly ServiceName[];

const ROOT = new URL("../../", import.meta.url);

/** How long a service may take to start or stop on a machine busy with other suites, in milliseconds. */
const TIMEOUT_MS = 30_000;

/** Starts a private system: Postgres, Redis, and services as real processes with the permissions that they declare. */
export async function startSystem(
  { services = CORE_SERVICES, env = {}, icuLocale, certificate }: SystemOptions = {},
): Promise<System> {
  await using starting = new AsyncDisposableStack();
  const owners: readonly ServiceName[] = services.length === 0 ? CORE_SERVICES : services;
  const hasKafka = owners.some((name) => !CORE_SERVICES.some((core) => core === name));
  const backing = starting.use(
    await startBacking({
      databases: DATABASES.filter((name) => owners.includes(name)),
      stores: storesOf(owners).filter((store) => store !== "kafka" || hasKafka),
      env: Deno.env.toObject(),
      ...(icuLocale !== undefined && { icuLocale }),
    }),
  );
  const system = starting.use(new System(backing, env, certificate));
  await Promise.all(services.map((name) => system.start(name)));
  starting.move();
  return system;
}

/** Suites send more than a person would. */
const NO_RATE_LIMITS = {
  ORDER_LIMIT_ORDERS_PER_USER: "1000000/1s",
  ORDER_LIMIT_REQUESTS_PER_SESSION: "1000000/1s",
  THROTTLE_LOGIN_PER_ACCOUNT_AND_ADDRESS: "1000000/1s",
  THROTTLE_LOGIN_PER_ADDRESS: "1000000/1s",
  THROTTLE_LOGIN_PER_ACCOUNT: "1000000/1s",
  THROTTLE_REGISTRATIONS_PER_ADDRESS: "1000000/1s",
  THROTTLE_MAILS_PER_ADDRESS: "1000000/1s",
  THROTTLE_MAILS_PER_ACCOUNT: "1000000/1s",
};

/** Hashes as cheap as Argon2 allows: most suites make many, and their cost is not under test. */
const CHEAP_PASSWORDS = { ARGON2_MEMORY_KIB: "8", ARGON2_PASSES: "1" };

/** Variables for suites in which the cost of a hash shows: the defaults of IAM. */
export const COSTLY_PASSWORDS = { ARGON2_MEMORY_KIB: "", ARGON2_PASSES: "" };

const SILENT = createLogger({ service: "test", level: "silent", format: "json" });

/** The variables that make services use a certificate. */
function tlsVariables({ cert, key, ca }: Certificate): Variables {
  const ofGrpc = { GRPC_TLS_CERT: cert, GRPC_TLS_KEY: key, GRPC_TLS_CA: ca };
  return { ...ofGrpc, HTTP_TLS_CERT: cert, HTTP_TLS_KEY: key };
}

/** A running system. Disposing it kills its processes, stops its stores and removes their data. */
export class System implements AsyncDisposable {
  readonly auth: RawClient<AuthService>;
  readonly sessions: RawClient<SessionService>;
  readonly user: RawClient<UserService>;
  readonly inventory: RawClient<InventoryService>;
  readonly payment: RawClient<PaymentService>;
  readonly orderUrl: string;
  readonly iamUrl: string;
  /** Trusts the authority of the system's certificate; for `fetch`. */
  readonly httpClient: Deno.HttpClient;
  readonly #env: Variables;
  readonly #processes = new Map<ServiceName, TestProcess>();
  readonly #owned = new AsyncDisposableStack();
  readonly #tls: TlsFiles | undefined;

  constructor(readonly backing: Backing, env: Variables, certificate?: Certificate) {
    this.#owned.use(backing);
    this.#tls = certificate && this.#owned.use(watchTlsFiles(certificate, SILENT));
    const given = {
      ...Deno.env.toObject(),
      ...portVariables(freeDoorPorts()),
      LOG_FORMAT: "json",
      GRPC_REFLECTION: "on",
      HTTP_DOCS: "on",
      ...NO_RATE_LIMITS,
      ...CHEAP_PASSWORDS,
      ...(certificate && tlsVariables(certificate)),
      ...env,
    };
    this.#env = withServiceToken(withStores(given, backing));
    usedSecrets.note(this.#env["SERVICE_TOKEN"] ?? "");
    // A store that the system does not have has no URL.
    const urls = [...Object.values(backing.postgresUrls), backing.redisUrl].filter((url) => url !== "");
    for (const url of urls) {
      usedSecrets.note(decodeURIComponent(new URL(url).password));
    }
    this.auth = this.#client(AuthService, "IAM_GRPC_TARGET");
    this.sessions = this.#client(SessionService, "IAM_GRPC_TARGET");
    this.user = this.#client(UserService, "IAM_GRPC_TARGET");
    this.inventory = this.#client(InventoryService, "INVENTORY_GRPC_TARGET");
    this.payment = this.#client(PaymentService, "PAYMENT_GRPC_TARGET");
    const scheme = certificate === undefined ? "http" : "https";
    this.orderUrl = `${scheme}://127.0.0.1:${this.variable("ORDER_HTTP_PORT")}`;
    this.iamUrl = `${scheme}://127.0.0.1:${this.variable("IAM_HTTP_PORT")}`;
    const caCerts = certificate === undefined ? [] : [Deno.readTextFileSync(certificate.ca)];
    this.httpClient = this.#owned.use(Deno.createHttpClient({ caCerts }));
  }

  /** The value of a variable in the services' environment. */
  variable(name: string): string {
    const value = this.#env[name];
    if (value === undefined) throw new TypeError(`${name} is not set`);
    return value;
  }

  /** Starts a service's process without waiting until it is ready; the caller disposes it. */
  launch(name: ServiceName, env: Variables = {}): TestProcess {
    const merged = { ...this.#env, ...env };
    const flags = FLAGS[name]((variable) => merged[variable]);
    return startProcess(Deno.execPath(), ["run", "--quiet", ...flags, `${name}/main.ts`], {
      cwd: ROOT,
      env: merged,
    });
  }

  /** Launches another process of a service, with free ports of its own. */
  launchReplica(name: ServiceName, env: Variables = {}): TestProcess {
    const ports = serviceOf(name).doors.map(({ portVariable }) => [portVariable, "0"]);
    return this.launch(name, { ...Object.fromEntries(ports), ...env });
  }

  /** Starts or restarts a service, and waits until it is ready. */
  async start(name: ServiceName, env: Variables = {}): Promise<void> {
    const process = this.#owned.use(this.launch(name, env));
    this.#processes.set(name, process);
    await process.waitForLine(/"msg":"ready"/, TIMEOUT_MS);
  }

  /** Adds the example parts to inventory. */
  seedParts(): Promise<void> {
    return seedInventory(ROOT, this.#env, { write: () => {} });
  }

  /** The addresses of the gRPC services that have been started. */
  get grpcTargets(): readonly string[] {
    return [...this.#processes.keys()].flatMap((name) =>
      this.#env[`${name.toUpperCase()}_GRPC_TARGET`] ?? []
    );
  }

  /** The process of a service that has been started. */
  process(name: ServiceName): TestProcess {
    const process = this.#processes.get(name);
    if (process === undefined) throw new TypeError(`${name} has not been started`);
    return process;
  }

  /** Stops a service by SIGTERM and waits until its process has exited. */
  async stop(name: ServiceName): Promise<Deno.CommandStatus> {
    const process = this.process(name);
    process.kill("SIGTERM");
    return await process.waitForExit(TIMEOUT_MS);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#owned.disposeAsync();
  }

  #client<Definition extends ServiceDefinition>(
    definition: Definition,
    target: string,
  ): RawClient<Definition> {
    return this.#owned.use(
      createRawClient(definition, this.variable(target), this.#tls, (request, { response, details }) => {
        usedSecrets.noteRequest(request);
        usedSecrets.noteAnswer(response);
        usedSecrets.refuseIn([details], "a call's error");
      }),
    );
  }
}
