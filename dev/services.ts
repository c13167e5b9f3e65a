import type { StoreName } from "./backing/backing.ts";

/** A port of a service, and the variables that move it. */
export interface Door {
  readonly protocol: "grpc" | "http";
  readonly hostVariable: string;
  readonly portVariable: string;
  readonly defaultPort: number;
  /** The variable that tells callers what to dial, if other services call this door. */
  readonly targetVariable?: string;
}

/** What `dev` knows about a service. */
export interface Service extends ServiceFacts {
  /** The services that it calls. */
  readonly upstreams: readonly ServiceName[];
}

interface ServiceFacts {
  readonly doors: readonly Door[];
  /** The stores that it uses: a database named like the service, and the Redis and the Kafka that all share. */
  readonly stores: readonly StoreName[];
  /** What a person should know about it, shown in the summary. */
  readonly note?: string;
}

/** Every service that runs under `dev`, each after those that it calls. */
export const SERVICES = {
  iam: {
    doors: [grpc("IAM", 50053), http("IAM", 8081)],
    stores: ["postgres", "redis", "kafka"],
    upstreams: [],
  },
  inventory: { doors: [grpc("INVENTORY", 50051)], stores: ["postgres"], upstreams: ["iam"] },
  payment: {
    doors: [grpc("PAYMENT", 50052)],
    stores: [],
    upstreams: ["iam"],
    note: "a stand-in: no money moves",
  },
  assembly: { doors: [admin("ASSEMBLY", 8083)], stores: ["postgres", "kafka"], upstreams: [] },
  notification: {
    doors: [admin("NOTIFICATION", 8084)],
    stores: ["postgres", "kafka"],
    upstreams: ["iam"],
    note: "writes messages to .data/outbox unless a mail server or a bot is configured",
  },
  order: {
    doors: [http("ORDER", 8080)],
    stores: ["postgres", "redis", "kafka"],
    upstreams: ["iam", "inventory", "payment"],
  },
} as const satisfies Readonly<Record<string, ServiceFacts & { readonly upstreams: readonly string[] }>>;

/** One of the services that run under `dev`. */
export type ServiceName = keyof typeof SERVICES;

/** The names of all services, each after those that it calls. */
// Object.keys is typed for objects that may have more keys than their type says; this one has none.
export const SERVICE_NAMES = Object.keys(SERVICES) as readonly ServiceName[];

/** Looks up a service. */
export function serviceOf(name: ServiceName): Service {
  return SERVICES[name];
}

/** Every door of every service. */
export const DOORS: readonly Door[] = SERVICE_NAMES.flatMap((name) => serviceOf(name).doors);

/** The databases of the product, each owned by the service of its name. */
export const DATABASES = SERVICE_NAMES.filter((name) => serviceOf(name).stores.includes("postgres"));

/** The stores that some services use, each once. */
export function storesOf(names: readonly ServiceName[]): readonly StoreName[] {
  return [...new Set(names.flatMap((name) => serviceOf(name).stores))];
}

function grpc(prefix: string, defaultPort: number) {
  return {
    protocol: "grpc",
    hostVariable: `${prefix}_GRPC_HOST`,
    portVariable: `${prefix}_GRPC_PORT`,
    targetVariable: `${prefix}_GRPC_TARGET`,
    defaultPort,
  } as const;
}

function admin(prefix: string, defaultPort: number) {
  return {
    protocol: "http",
    hostVariable: `${prefix}_ADMIN_HOST`,
    portVariable: `${prefix}_ADMIN_PORT`,
    defaultPort,
  } as const;
}

function http(prefix: string, defaultPort: number) {
  return {
    protocol: "http",
    hostVariable: `${prefix}_HTTP_HOST`,
    portVariable: `${prefix}_HTTP_PORT`,
    defaultPort,
  } as const;
}
