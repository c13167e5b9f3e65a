import { fileURLToPath } from "node:url";
import { warnOfPlaintext } from "@rocket/platform/config";
import { createSignal, repeatFullBatches } from "@rocket/platform/core";
import { createEventDoor, subscribe } from "@rocket/platform/events";
import { createClient, createHealthProbe } from "@rocket/platform/grpc";
import { createAdminDoor } from "@rocket/platform/http";
import { createLogger } from "@rocket/platform/log";
import { createPostgres, migrate } from "@rocket/platform/postgres";
import type { ServiceParts } from "@rocket/platform/service";
import { watchGrpcTls, watchHttpTls } from "@rocket/platform/tls";
import { IAM_ACCOUNT, ORDER_ASSEMBLED, ORDER_PAID } from "@rocket/proto/events";
import { UserService } from "@rocket/proto/iam";
import { createMail } from "./client/mail.ts";
import { createOutboxFolder } from "./client/outbox_folder.ts";
import { createTelegram } from "./client/telegram.ts";
import { createUsers } from "./client/users.ts";
import { NOTIFICATION_FILES, NOTIFICATION_VARIABLES, type NotificationConfig } from "./config.ts";
import { createMessageRepository } from "./repository/messages.ts";
import { createRefusedLoginRepository } from "./repository/refused_logins.ts";
import { readTemplates } from "./service/compose.ts";
import { createDeliverMessages } from "./service/deliver_messages.ts";
import { createNoteEvents } from "./service/note_events.ts";

/** How soon delivering goes on after it failed, and how often to look for what need not be kept, in milliseconds. */
const DELIVER_AGAIN_MS = 1_000;
const FORGET_EVERY_MS = 60_000;

/** How long messages are kept, so that an event that comes again is recognised, in milliseconds. */
const KEPT_MS = 30 * 86_400_000;
const REFUSED_LOGIN_KEPT_MS = 86_400_000;

/** How many old messages are deleted at a time. */
const BATCH = 1_000;

/** Creates notification's parts and connects them. */
export function wireNotification(config: NotificationConfig): ServiceParts {
  const owned = new AsyncDisposableStack();
  const log = createLogger({ service: "notification", level: config.logLevel, format: config.logFormat });
  warnOfPlaintext(NOTIFICATION_VARIABLES, config, log);
  const grpcTls = owned.use(watchGrpcTls(config, log));
  const tls = owned.use(watchHttpTls(config, log));
  const postgres = owned.use(createPostgres(config.postgresUrl));
  const iam = owned.use(createClient(UserService, "iam", config.iamTarget, grpcTls));
  const users = createUsers(iam, config.serviceToken);

  const { telegramBotToken: botToken, telegramApiUrl: apiUrl, smtpUrl, mailFrom: from } = config;
  const senders = {
    telegram: botToken === null
      ? createOutboxFolder(config.outbox, "telegram", log)
      : createTelegram({ apiUrl, botToken }),
    email: smtpUrl === null
      ? createOutboxFolder(config.outbox, "email", log)
      : owned.use(createMail({ smtpUrl, from })),
  };

  const messages = createMessageRepository(postgres);
  const refusedLogins = createRefusedLoginRepository(postgres);
  const added = createSignal();
  const noteEvents = createNoteEvents({ messages, refusedLogins, onAdded: added.raise });
  const deliver = createDeliverMessages({ messages, users, senders, compose: readTemplates(), added, log });
  const forgetOld = async (closing: AbortSignal) => {
    await repeatFullBatches(BATCH, closing, (limit) => messages.forgetOld(KEPT_MS, limit));
    await refusedLogins.forgetOld(REFUSED_LOGIN_KEPT_MS);
  };

  const eventDoor = createEventDoor({
    service: "notification",
    subscriptions: [
      subscribe(ORDER_PAID, noteEvents.orderPaid),
      subscribe(ORDER_ASSEMBLED, noteEvents.shipAssembled),
      subscribe(IAM_ACCOUNT, noteEvents.accountEvent),
    ],
    kafka: config,
    log,
  });

  const stores = { postgres: () => postgres.query((sql) => sql`select 1`) };
  const upstreams = { iam: owned.use(createHealthProbe("iam", config.iamTarget, grpcTls)).probe };
  const admin = createAdminDoor({
    log,
    host: config.adminHost,
    port: config.adminPort,
    tls,
    readiness: { stores, upstreams },
  });

  return {
    log,
    doors: [admin, eventDoor],
    work: [
      { name: "deliver messages", everyMs: DELIVER_AGAIN_MS, run: deliver },
      { name: "forget old messages", everyMs: FORGET_EVERY_MS, run: forgetOld },
    ],
    stores,
    async prepare() {
      await migrate({
        url: config.postgresUrl.value,
        directory: fileURLToPath(NOTIFICATION_FILES.migrations),
        log,
      });
      if (botToken === null) {
        log.warn({ outbox: config.outbox }, "no TELEGRAM_BOT_TOKEN: messages are written to files");
      }
      if (smtpUrl === null) log.warn({ outbox: config.outbox }, "no SMTP_URL: mails are written to files");
    },
    config,
    owned,
  };
}
