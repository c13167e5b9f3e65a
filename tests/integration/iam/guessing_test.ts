import { statusOf } from "@rocket/platform/testing/raw-client";
import assert from "node:assert/strict";
import pLimit from "p-limit";
import { newPerson, register, registerAndLogIn } from "../../support/person.ts";
import { startSystem, type System } from "../../support/system.ts";

/** Few enough that Redis answers each within the time that a limit may take, after which a guess passes. */
const AT_ONCE = 32;

/** No time of the test refills a limit, and the cost of hashing is not under test. */
const ENV = {
  THROTTLE_LOGIN_PER_ACCOUNT_AND_ADDRESS: "10/24h",
  THROTTLE_LOGIN_PER_ADDRESS: "100/24h",
  THROTTLE_LOGIN_PER_ACCOUNT: "200/24h",
  TRUSTED_PROXIES: "127.0.0.0/8",
  ARGON2_MEMORY_KIB: "64",
  ARGON2_PASSES: "1",
};

Deno.test("6.3.1: at IAM's door, of 1,000 passwords for one account from one address 10 are checked", async () => {
  await using system = await startSystem({ services: ["iam"], env: ENV });
  const { login, password } = await registerAndLogIn(system);
  const checked = await guess(system, 1_000, () => ({ login, address: "203.0.113.9" }));
  assert.equal(await logIn(system, login, password, "198.51.100.7"), "OK");
  assertLimit(checked, 10, await uncheckedOf(system, "logins-per-account-and-address"));
});

Deno.test("6.3.1: at IAM's door, of one password for 1,000 accounts from one address 100 are checked", async () => {
  await using system = await startSystem({ services: ["iam"], env: ENV });
  await register(system, { login: "pilot-0" });
  const checked = await guess(system, 1_000, (n) => ({ login: `pilot-${n}`, address: "203.0.113.9" }));
  assertLimit(checked, 100, await uncheckedOf(system, "logins-per-address"));
});

Deno.test("6.3.1: at IAM's door, of 1,000 passwords for one account from 200 addresses 200 are checked", async () => {
  await using system = await startSystem({ services: ["iam"], env: ENV });
  const { login } = newPerson();
  await register(system, { login });
  const checked = await guess(system, 1_000, (n) => ({ login, address: `203.0.113.${n % 200}` }));
  assertLimit(checked, 200, await uncheckedOf(system, "logins-per-account"));
});

function logIn({ auth }: System, login: string, password: string, address: string): Promise<string> {
  return statusOf(auth.login({ login, password }, { "x-forwarded-for": address }));
}

/** Guesses. @returns How many of the passwords were checked. */
async function guess(
  system: System,
  guesses: number,
  whose: (n: number) => { readonly login: string; readonly address: string },
): Promise<number> {
  const limit = pLimit(AT_ONCE);
  const statuses = await Promise.all(
    Array.from({ length: guesses }, (_, n) => {
      const { login, address } = whose(n);
      return limit(() => logIn(system, login, "a guess", address));
    }),
  );
  const checked = statuses.filter((status) => status === "UNAUTHENTICATED").length;
  const refused = statuses.filter((status) => status === "RESOURCE_EXHAUSTED").length;
  assert.equal(checked + refused, guesses, [...new Set(statuses)].join(", "));
  return checked;
}

/** Stops IAM. @returns How many logins passed a limit because Redis did not answer in time, on a busy machine. */
async function uncheckedOf(system: System, limit: string): Promise<number> {
  // The log has how many were unchecked once one is checked again.
  await logIn(system, "nobody-here", "a guess", "192.0.2.1");
  await system.stop("iam");
  const lines = system.process("iam").stdout.map((line) => JSON.parse(line));
  const unchecked = lines
    .filter((line) => line.limit === limit && line.msg === "rate limit checked again")
    .reduce((sum, { unchecked }) => sum + unchecked, 0);
  // An address that might be a known one passes the account's limit.
  return unchecked + lines.filter(({ msg }) => msg === "known addresses not checked").length;
}

function assertLimit(checked: number, limit: number, unchecked: number): void {
  assert.ok(checked >= limit && checked <= limit + unchecked, `${checked} checked, ${unchecked} not counted`);
}
