import { Metadata } from "@grpc/grpc-js";
import { SESSION_UUID_KEY } from "@rocket/platform/auth";
import {
  type Config,
  GRPC_TLS,
  GRPC_TLS_VARIABLES,
  InvalidConfig,
  PLAINTEXT,
  readConfig,
  target,
} from "@rocket/platform/config";
import { Failure, StartError } from "@rocket/platform/core";
import { createClient } from "@rocket/platform/grpc";
import { createLogger } from "@rocket/platform/log";
import { assertSafeRuntime, PINNED_DENO } from "@rocket/platform/runtime";
import { watchGrpcTls } from "@rocket/platform/tls";
import { AuthService, UserService } from "@rocket/proto/iam";
import { InventoryService } from "@rocket/proto/inventory";
import {
  dialledAddress,
  httpScheme,
  readEnvironment,
  refuseUnknownPorts,
  type Variables,
} from "./environment.ts";
import { type Door, SERVICES } from "./services.ts";

assertSafeRuntime(["session"]);

/** How many different parts the example orders. */
const PARTS_ORDERED = 2;

/** A stock that does not run out, however often the example is tried. */
const PLENTY = 100;

const VARIABLES = {
  plaintext: PLAINTEXT,
  ...GRPC_TLS_VARIABLES,
  iam: target("IAM_GRPC_TARGET", "127.0.0.1:50053", GRPC_TLS),
  inventory: target("INVENTORY_GRPC_TARGET", "127.0.0.1:50051", GRPC_TLS),
} as const;

try {
  const env = await readEnvironment(new URL("../", import.meta.url));
  const unknown = refuseUnknownPorts(env);
  if (unknown.length > 0) throw new InvalidConfig(unknown);
  const config = readConfig(VARIABLES, (name) => env[name]);
  const urls = {
    order: `${originOf(SERVICES.order.doors[0], env)}/api/v1/orders`,
    iam: `${originOf(SERVICES.iam.doors[1], env)}/api/v1/iam`,
  };
  write(Deno.stdout, await demonstrate(config, urls));
} catch (error) {
  if (!(error instanceof Failure || error instanceof StartError)) throw error;
  const advice = `Is everything running? Start it with: npx -y deno@${PINNED_DENO} task dev`;
  write(Deno.stderr, `${error.message}\n${advice}\n`);
  Deno.exit(1);
}

/**
 * Registers a new demo user, logs in, and picks some parts to order.
 *
 * @returns The commands to paste, for a person at a terminal.
 * @throws {Unavailable} naming the service that does not run.
 */
async function demonstrate(
  config: Config<typeof VARIABLES>,
  { order, iam }: Readonly<Record<"order" | "iam", string>>,
): Promise<string> {
  await using clients = new AsyncDisposableStack();
  const log = createLogger({ service: "session", level: "warn", format: "pretty" });
  const tls = clients.use(watchGrpcTls(config, log));
  const user = clients.use(createClient(UserService, "iam", config.iam, tls));
  const auth = clients.use(createClient(AuthService, "iam", config.iam, tls));
  const inventory = clients.use(createClient(InventoryService, "inventory", config.inventory, tls));

  const login = `demo-${crypto.randomUUID().slice(0, 8)}`;
  const password = crypto.randomUUID();
  const email = `${login}@example.com`;
  const account = { login, email, notificationMethods: [{ providerName: "email", target: email }] };
  await user.register({ info: { info: account, password } });
  const { sessionUuid } = await auth.login({ login, password });

  const metadata = new Metadata();
  metadata.set(SESSION_UUID_KEY, sessionUuid);
  const { parts } = await inventory.listParts({ filter: undefined }, metadata);
  const cheapest = parts.filter(({ stockQuantity }) => stockQuantity >= PLENTY)
    .toSorted((a, b) => a.price - b.price);
  const body = JSON.stringify({ part_uuids: cheapest.slice(0, PARTS_ORDERED).map(({ uuid }) => uuid) });

  return `Registered ${login} with the password ${password}, and logged in.

The session is valid for a day; anyone who has it acts as ${login}:

  export SESSION=${sessionUuid}

Place an order, then pay it, follow it until its ship is assembled, and read it back, with the order_uuid from the
response:

  curl -sS ${order} -H "X-Session-Uuid: $SESSION" -H 'Content-Type: application/json' -d '${body}'
  curl -sS ${order}/ORDER_UUID/pay -H "X-Session-Uuid: $SESSION" -H 'Content-Type: application/json' -d '{"payment_method":"CARD"}'
  curl -sSN ${order}/ORDER_UUID/events -H "X-Session-Uuid: $SESSION"
  curl -sS ${order}/ORDER_UUID -H "X-Session-Uuid: $SESSION"

Read the mails to ${email}, which are files unless SMTP_URL is set:

  ls .data/outbox

List your orders, newest first:

  curl -sS ${order} -H "X-Session-Uuid: $SESSION"

See whose session it is:

  curl -sS ${iam}/whoami -H "X-Session-Uuid: $SESSION"

List your sessions, and end this one:

  curl -sS ${iam}/sessions -H "X-Session-Uuid: $SESSION"
  curl -sS -X POST ${iam}/logout -H "X-Session-Uuid: $SESSION"

Without a session the request is refused:

  curl -sS -i ${order} -H 'Content-Type: application/json' -d '${body}'
`;
}

/** @throws {InvalidConfig} naming the variables of the door. */
function originOf(door: Door, env: Variables): string {
  const address = dialledAddress(door, env);
  if (address !== undefined) return `${httpScheme(env)}://${address}`;
  throw new InvalidConfig([`${door.hostVariable} and ${door.portVariable} are not an address`]);
}

function write(stream: typeof Deno.stdout | typeof Deno.stderr, text: string): void {
  stream.writeSync(new TextEncoder().encode(text));
}
