import { fileURLToPath } from "node:url";
import { warnOfPlaintext } from "@rocket/platform/config";
import { createSignal } from "@rocket/platform/core";
import { createEventDoor, createRelay, subscribe } from "@rocket/platform/events";
import { createForgetOldEvents, createOutbox } from "@rocket/platform/outbox";
import { createAdminDoor } from "@rocket/platform/http";
import { createLogger } from "@rocket/platform/log";
import { createPostgres, migrate } from "@rocket/platform/postgres";
import type { ServiceParts } from "@rocket/platform/service";
import { watchHttpTls } from "@rocket/platform/tls";
import { ORDER_ASSEMBLED, ORDER_PAID } from "@rocket/proto/events";
import { ASSEMBLY_FILES, ASSEMBLY_VARIABLES, type AssemblyConfig } from "./config.ts";
import { createShipRepository } from "./repository/ships.ts";
import { createBuildShips } from "./service/build_ships.ts";
import { createForgetOldShips } from "./service/forget_old_ships.ts";
import { createOrderShip } from "./service/order_ship.ts";

/** How soon building goes on after it failed, and how often to look for what need not be kept, in milliseconds. */
const BUILD_AGAIN_MS = 1_000;
const FORGET_EVERY_MS = 60_000;

/** Creates assembly's parts and connects them. */
export function wireAssembly(config: AssemblyConfig): ServiceParts {
  const owned = new AsyncDisposableStack();
  const log = createLogger({ service: "assembly", level: config.logLevel, format: config.logFormat });
  warnOfPlaintext(ASSEMBLY_VARIABLES, config, log);
  const tls = owned.use(watchHttpTls(config, log));
  const postgres = owned.use(createPostgres(config.postgresUrl));

  const ships = createShipRepository(postgres);
  const ordered = createSignal();
  const orderShip = createOrderShip({
    ships,
    buildTimeMs: { min: config.timeMinMs, max: config.timeMaxMs },
    onOrdered: ordered.raise,
  });
  const buildShips = createBuildShips({ ships, atOnce: config.concurrency, ordered, log });

  const kafka = config;
  const relay = owned.use(
    createRelay({
      source: "assembly",
      topics: [ORDER_ASSEMBLED],
      postgresUrl: config.postgresUrl,
      kafka,
      log,
    }),
  );
  const paid = subscribe(
    ORDER_PAID,
    ({ eventUuid, orderUuid, userUuid }) => orderShip({ orderUuid, userUuid }, eventUuid),
  );
  const eventDoor = createEventDoor({ service: "assembly", subscriptions: [paid], kafka, log });

  const stores = { postgres: () => postgres.query((sql) => sql`select 1`) };
  const admin = createAdminDoor({
    log,
    host: config.adminHost,
    port: config.adminPort,
    tls,
    readiness: { stores, upstreams: {} },
  });

  return {
    log,
    doors: [admin, eventDoor],
    work: [
      { name: "build ships", everyMs: BUILD_AGAIN_MS, run: buildShips },
      relay.work,
      { name: "forget old ships", everyMs: FORGET_EVERY_MS, run: createForgetOldShips(ships, log) },
      {
        name: "forget old events",
        everyMs: FORGET_EVERY_MS,
        run: createForgetOldEvents(createOutbox(postgres), true, log),
      },
    ],
    stores,
    async prepare() {
      await migrate({
        url: config.postgresUrl.value,
        directory: fileURLToPath(ASSEMBLY_FILES.migrations),
        log,
      });
    },
    config,
    owned,
  };
}
