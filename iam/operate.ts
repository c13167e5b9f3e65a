import "@rocket/platform/refuse-broken-runtime";
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import process from "node:process";
import { InvalidConfig, readConfig } from "@rocket/platform/config";
import { explainFailure, Failure } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import { createPostgres } from "@rocket/platform/postgres";
import { createRedis } from "@rocket/platform/redis";
import { OPERATOR_VARIABLES } from "./config.ts";
import { type Login, LOGIN_RULE, parseLogin } from "./model/login.ts";
import { createAccountChangeRepository } from "./repository/account_changes.ts";
import { createSessionRepository } from "./repository/sessions.ts";
import { createUserRepository } from "./repository/users.ts";
import { createAuditChange } from "./service/audit.ts";
import { createFollowChange } from "./service/follow_change.ts";
import { createOperate, type Operate } from "./service/operate.ts";

const USAGE = `Usage:
  deno task iam:accounts show LOGIN
  deno task iam:accounts disable LOGIN
  deno task iam:accounts enable LOGIN
  deno task iam:sessions revoke --user LOGIN
  deno task iam:sessions revoke --all
`;

/** A mistake at the command line. */
class UsageError extends Error {}

try {
  write(Deno.stdout, await run(Deno.args));
} catch (error) {
  // A mistake of the operator's needs no stack; any other error is a defect and shows its own.
  if (!(error instanceof InvalidConfig || error instanceof Failure || error instanceof UsageError)) {
    throw error;
  }
  write(Deno.stderr, error instanceof UsageError ? `${error.message}${USAGE}` : `${explainFailure(error)}\n`);
  Deno.exitCode = 1;
}

/** Runs one command. @returns What to print. */
async function run([topic, command, ...rest]: readonly string[]): Promise<string> {
  await using owned = new AsyncDisposableStack();
  switch (`${topic} ${command} ${rest[0]?.startsWith("--") ? rest.shift() : ""}`.trim()) {
    case "accounts show":
      return await show(connect(owned), readLogin(rest));
    case "accounts disable":
      await connect(owned).disable(readLogin(rest));
      return "The account is disabled, and its sessions have ended.\n";
    case "accounts enable":
      await connect(owned).enable(readLogin(rest));
      return "The account is enabled.\n";
    case "sessions revoke --user":
      await connect(owned).endSessions(readLogin(rest));
      return "The user's sessions have ended.\n";
    case "sessions revoke --all":
      if (!await isConfirmed("End the sessions of all users? Type yes: ")) return "Nothing was done.\n";
      return `The sessions of all ${await connect(owned).endAllSessions()} users have ended.\n`;
    default:
      throw new UsageError("");
  }
}

function connect(owned: AsyncDisposableStack): Operate {
  const config = readConfig(OPERATOR_VARIABLES, (name) => Deno.env.get(name));
  const log = createLogger(
    { service: "iam", level: config.logLevel, format: config.logFormat },
    process.stderr,
  );
  const postgres = owned.use(createPostgres(config.postgresUrl, { connections: 1 }));
  const redis = owned.use(createRedis(config.redisUrl, log));
  const users = createUserRepository(postgres);
  const sessions = createSessionRepository(redis, {
    ttlMs: config.sessionTtlMs,
    idleTtlMs: null,
    perUser: Infinity,
  });
  const changes = createAccountChangeRepository(postgres);
  const followChange = createFollowChange({ users, sessions, changes });
  return createOperate({ users, sessions, changes, followChange, audit: { change: createAuditChange(log) } });
}

async function show(operate: Operate, login: Login): Promise<string> {
  const { user, disabledAt, liveSessions } = await operate.show(login);
  return [
    `uuid        ${user.uuid}`,
    `login       ${user.login}`,
    `e-mail      ${user.email}`,
    `verified    ${user.emailVerifiedAt?.toISOString() ?? "no"}`,
    `registered  ${user.createdAt.toISOString()}`,
    `changed     ${user.updatedAt.toISOString()}`,
    `disabled    ${disabledAt?.toISOString() ?? "no"}`,
    `sessions    ${liveSessions}`,
    "",
  ].join("\n");
}

function readLogin(words: readonly string[]): Login {
  const login = words.length === 1 ? parseLogin(words[0] ?? "") : undefined;
  if (login === undefined) throw new UsageError(`LOGIN ${LOGIN_RULE}.\n\n`);
  return login;
}

async function isConfirmed(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Without a terminal, e.g. from cron, the input ends and the question stays unanswered.
    const unanswered = once(terminal, "close").then(() => "no");
    return (await Promise.race([terminal.question(question), unanswered])).trim() === "yes";
  } finally {
    terminal.close();
  }
}

function write(stream: typeof Deno.stdout | typeof Deno.stderr, text: string): void {
  stream.writeSync(new TextEncoder().encode(text));
}
