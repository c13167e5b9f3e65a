import { serviceToken } from "@rocket/platform/auth";
import {
  COMMON_VARIABLES,
  type Config,
  folder,
  GRPC_TLS,
  GRPC_TLS_VARIABLES,
  host,
  HTTP_TLS,
  HTTP_TLS_VARIABLES,
  httpUrl,
  KAFKA_VARIABLES,
  optional,
  port,
  postgresUrl,
  printDenoFlags,
  secretWord,
  sender,
  smtpUrl,
  target,
} from "@rocket/platform/config";
import { KAFKA_FILES } from "@rocket/platform/kafka-files";
import { TEMPLATES } from "./service/compose.ts";

const adminHost = host("NOTIFICATION_ADMIN_HOST", "127.0.0.1", HTTP_TLS);

/** Notification's environment variables. */
export const NOTIFICATION_VARIABLES = {
  ...COMMON_VARIABLES,
  ...GRPC_TLS_VARIABLES,
  ...HTTP_TLS_VARIABLES,
  ...KAFKA_VARIABLES,
  adminHost,
  adminPort: port("NOTIFICATION_ADMIN_PORT", 8084, adminHost),
  postgresUrl: postgresUrl("NOTIFICATION_POSTGRES_URL"),
  iamTarget: target("IAM_GRPC_TARGET", "127.0.0.1:50053", GRPC_TLS),
  serviceToken: serviceToken(),
  telegramApiUrl: httpUrl("TELEGRAM_API_URL", "https://api.telegram.org"),
  telegramBotToken: optional(secretWord("TELEGRAM_BOT_TOKEN")),
  smtpUrl: optional(smtpUrl("SMTP_URL")),
  mailFrom: sender("MAIL_FROM", "Rocket Factory <rocket-factory@localhost>"),
  /** Where messages are written that no channel is configured for. */
  outbox: folder("NOTIFICATION_OUTBOX", ".data/outbox"),
} as const;

/** The files that notification reads besides its own modules. */
export const NOTIFICATION_FILES = {
  migrations: new URL("../migrations/notification/", import.meta.url).href,
  read: [KAFKA_FILES, TEMPLATES],
} as const;

/** Notification's configuration, checked. */
export type NotificationConfig = Config<typeof NOTIFICATION_VARIABLES>;

if (import.meta.main) printDenoFlags(NOTIFICATION_VARIABLES, NOTIFICATION_FILES);
