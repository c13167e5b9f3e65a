import { createPostgres } from "@rocket/platform/postgres";
import { statusOf } from "@rocket/platform/testing/raw-client";
import { eventually } from "@rocket/platform/testing/eventually";
import { Redis } from "ioredis";
import assert from "node:assert/strict";
import { httpStatus, placeOrder, postPayment } from "../support/order_client.ts";
import { plentifulParts } from "../support/parts.ts";
import { registerAndLogIn } from "../support/person.ts";
import { createSecretFile } from "../support/secret_file.ts";
import { SessionLoad } from "../support/session_load.ts";
import { CORE_SERVICES, startSystem, type System } from "../support/system.ts";

const OLD = "old-token-of-all-our-services-0123456789";
const NEW = "new-token-of-all-our-services-0123456789";

Deno.test("the services' token is replaced in its file, and no order or payment is refused meanwhile", async () => {
  await using token = await createSecretFile(`${OLD}\n`);
  await using system = await startSystem({ env: { SERVICE_TOKEN: "", SERVICE_TOKEN_FILE: token.path } });
  await system.seedParts();
  assert.deepEqual(await statusesOf(system, OLD, NEW), ["NOT_FOUND", "UNAUTHENTICATED"]);

  await using orders = await keepOrdering(system);
  for (const step of [`${OLD},${NEW}`, `${NEW},${OLD}`, NEW]) {
    await token.replace(step);
    await Promise.all(
      CORE_SERVICES.map((name) => system.process(name).waitForLine(replaced("SERVICE_TOKEN"))),
    );
    await orders.goOn();
  }
  assert.deepEqual(await statusesOf(system, OLD, NEW), ["UNAUTHENTICATED", "NOT_FOUND"]);
});

Deno.test("the passwords of IAM's stores are replaced in their files, while it serves", async (t) => {
  await using system = await startSystem({ services: [] });
  const withPassword = (url: string, password: string) => Object.assign(new URL(url), { password }).href;
  const postgresUrl = system.variable("IAM_POSTGRES_URL");
  const redisUrl = system.variable("IAM_REDIS_URL");
  await using postgresFile = await createSecretFile(postgresUrl);
  await using redisFile = await createSecretFile(redisUrl);
  await system.start("iam", {
    IAM_POSTGRES_URL: "",
    IAM_POSTGRES_URL_FILE: postgresFile.path,
    IAM_REDIS_URL: "",
    IAM_REDIS_URL_FILE: redisFile.path,
  });

  await t.step("no login and no session check is refused while Redis takes both passwords", async () => {
    const admin = new Redis(redisUrl);
    try {
      await using load = await SessionLoad.start(system);
      await admin.acl("SETUSER", "default", ">second");
      await redisFile.replace(withPassword(redisUrl, "second"));
      await system.process("iam").waitForLine(replaced("IAM_REDIS_URL"));
      await load.progress(50);
      await admin.acl("SETUSER", "default", `<${new URL(redisUrl).password}`);
      await load.progress(50);
      await load.verify({ fromMs: 0, toMs: 0 });
      assert.equal(load.failures, 0);
      // Whoever connects again needs the new password.
      await admin.call("CLIENT", "KILL", "TYPE", "normal");
      await eventually(() => registerAndLogIn(system));
    } finally {
      admin.disconnect();
    }
  });

  await t.step("connections to Postgres that are made after the change use the new password", async () => {
    await using admin = createPostgres(postgresUrl, { connections: 1 });
    await admin.query((sql) => sql`alter role current_user password 'second'`);
    await postgresFile.replace(withPassword(postgresUrl, "second"));
    await system.process("iam").waitForLine(replaced("IAM_POSTGRES_URL"));
    await admin.query((sql) =>
      sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where usename = current_user and pid <> pg_backend_pid()`
    );
    await eventually(() => registerAndLogIn(system));
  });
});

function replaced(variable: string): RegExp {
  return new RegExp(`"variable":"${variable}".*"msg":"secret replaced"`);
}

/** How inventory answers to each token, asked to commit an order that it does not know. */
async function statusesOf({ inventory }: System, ...tokens: readonly string[]): Promise<readonly string[]> {
  const request = { orderUuid: crypto.randomUUID() };
  return await Promise.all(
    tokens.map((token) => statusOf(inventory.commitParts(request, { "service-token": token }))),
  );
}

/** Places and pays orders until it is disposed, several at a time; each takes four calls with the services' token. */
async function keepOrdering(system: System) {
  const { sessionUuid } = await registerAndLogIn(system);
  const [part] = await plentifulParts(system, sessionUuid);
  assert.ok(part);
  let isOver = false;
  let paid = 0;
  const order = async () => {
    while (!isOver) {
      const { order_uuid } = await placeOrder(system, sessionUuid, [part.uuid]);
      assert.equal(await httpStatus(postPayment(system, sessionUuid, order_uuid)), 200);
      paid++;
    }
  };
  const orders = Promise.all(Array.from({ length: 3 }, order));
  return {
    /** Waits until more orders have been paid. @throws {Error} if one was refused. */
    async goOn() {
      const before = paid;
      await Promise.race([orders, eventually(() => assert.ok(paid > before + 3))]);
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      await orders;
    },
  };
}
