import { Metadata } from "@grpc/grpc-js";
import { SESSION_UUID_KEY } from "@rocket/platform/auth";
import { type Config, host, port, target } from "@rocket/platform/config";
import { formatAddress } from "@rocket/platform/core";
import { createClient } from "@rocket/platform/grpc";
import { AuthService, UserService } from "@rocket/proto/iam";
import { InventoryService } from "@rocket/proto/inventory";

/** The variables that say where the services are. */
export const DEMO_VARIABLES = {
  iamTarget: target("IAM_GRPC_TARGET", "127.0.0.1:50053"),
  inventoryTarget: target("INVENTORY_GRPC_TARGET", "127.0.0.1:50051"),
  orderHost: host("ORDER_HTTP_HOST", "127.0.0.1"),
  orderPort: port("ORDER_HTTP_PORT", 8080),
} as const;

/** A demo user's session, and what to do with it. */
export interface DemoSession {
  readonly login: string;
  readonly password: string;
  readonly sessionUuid: string;
  readonly orderUrl: string;
  /** Cheap parts of which there are plenty, by UUID. */
  readonly partUuids: readonly string[];
}

/** How many different parts the example orders. */
const PARTS_ORDERED = 2;

/** A stock that does not run out, however often the example is tried. */
const PLENTY = 100;

/**
 * Registers a demo user, logs in, and picks some parts to order. Each run registers another user.
 *
 * @throws {Unavailable} naming the service that does not run.
 */
export async function openDemoSession(config: Config<typeof DEMO_VARIABLES>): Promise<DemoSession> {
  await using clients = new AsyncDisposableStack();
  const user = clients.use(createClient(UserService, "iam", config.iamTarget));
  const auth = clients.use(createClient(AuthService, "iam", config.iamTarget));
  const inventory = clients.use(createClient(InventoryService, "inventory", config.inventoryTarget));

  const login = `demo-${crypto.randomUUID().slice(0, 8)}`;
  const password = crypto.randomUUID();
  const account = { login, email: `${login}@example.com`, notificationMethods: [] };
  await user.register({ info: { info: account, password } });
  const { sessionUuid } = await auth.login({ login, password });

  const metadata = new Metadata();
  metadata.set(SESSION_UUID_KEY, sessionUuid);
  const { parts } = await inventory.listParts({ filter: undefined }, metadata);
  const plentiful = parts.filter(({ stockQuantity }) => stockQuantity >= PLENTY)
    .toSorted((a, b) => a.price - b.price);
  return {
    login,
    password,
    sessionUuid,
    orderUrl: `http://${formatAddress(config.orderHost, config.orderPort)}/api/v1/orders`,
    partUuids: plentiful.slice(0, PARTS_ORDERED).map(({ uuid }) => uuid),
  };
}
