/**
 * Measures how much memory of Redis a session takes, its place in the user's list included.
 *
 * `deno task bench:sessions` opens 1,000,000 sessions, five a user, each with the longest user agent and address, and
 * prints bytes a session. Another number of sessions may follow.
 *
 * @module
 */
import { startBacking } from "@rocket/dev";
import { createSessionRepository, type Session } from "@rocket/iam/sessions";
import { createSessionUuid } from "@rocket/platform/auth";
import { createLogger } from "@rocket/platform/log";
import { createRedis } from "@rocket/platform/redis";
import pLimit from "p-limit";

const SESSIONS_PER_USER = 5;
const DAY_MS = 86_400_000;

const count = Number(Deno.args[0] ?? 1_000_000);
await using backing = await startBacking({ databases: [], stores: ["redis"], env: Deno.env.toObject() });
const log = createLogger({ service: "bench", level: "warn", format: "pretty" });
await using redis = createRedis(backing.redisUrl, log);
const sessions = createSessionRepository(redis, { ttlMs: DAY_MS, idleTtlMs: null, perUser: 50 });

const before = await usedMemory();
const limit = pLimit(200);
for (let opened = 0; opened < count; opened += SESSIONS_PER_USER * 1_000) {
  await Promise.all(Array.from({ length: 1_000 }, () => limit(openForOneUser)));
}
const after = await usedMemory();
print(`${count} sessions: ${((after - before) / count).toFixed(0)} bytes each\n`);

async function openForOneUser(): Promise<void> {
  const user = aUser();
  for (let n = 0; n < SESSIONS_PER_USER; n++) {
    const now = Date.now();
    const at = new Date(now);
    const session: Session = {
      user,
      generation: 0,
      openedIn: 0,
      createdAt: at,
      lastSeenAt: at,
      expiresAt: new Date(now + DAY_MS),
      userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) ".padEnd(128, "x"),
      address: "2001:db8:85a3:1234:5678:8a2e:370:7334",
    };
    if (await sessions.open(createSessionUuid(), session) === undefined) {
      throw new Error("a session was refused");
    }
  }
}

function aUser(): Session["user"] {
  const login = `pilot-${crypto.randomUUID().slice(0, 13)}`;
  const at = new Date();
  return {
    uuid: crypto.randomUUID(),
    login,
    email: `${login}@example.com`,
    notificationMethods: [{ provider: "email", target: `${login}@example.com` }],
    createdAt: at,
    updatedAt: at,
    emailVerifiedAt: at,
  };
}

async function usedMemory(): Promise<number> {
  const memory = await redis.run((client) => client.info("memory"));
  return Number(/^used_memory:(\d+)/m.exec(memory)?.[1]);
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
