import { createLocalRateLimit, RateExceeded, runWithRequest, Unavailable } from "@rocket/platform/core";
import { createLogger } from "@rocket/platform/log";
import assert from "node:assert/strict";
import { TokenInvalid, WrongCredentials } from "../model/failures.ts";
import { createThrottle } from "./throttle.ts";

const LIMITS = {
  accountAndAddress: 10,
  address: 100,
  account: 1_000,
  registrations: 100,
  mailsFromAddress: 20,
  mailsToAccount: 5,
};

/** Throttles with the default limits, which no time refills; only `right` is anybody's password. */
function arrange() {
  const known = new Set<string>();
  const audited: string[] = [];
  const limit = (name: keyof typeof LIMITS) =>
    createLocalRateLimit({ name, requests: LIMITS[name], windowMs: 900_000 }, () => 0);
  const { attempt, attemptToken, countRegistration, countMail, forgetAddresses } = createThrottle({
    limits: {
      accountAndAddress: limit("accountAndAddress"),
      address: limit("address"),
      account: limit("account"),
      registrations: limit("registrations"),
      mailsFromAddress: limit("mailsFromAddress"),
      mailsToAccount: limit("mailsToAccount"),
    },
    known: {
      has: (account, address) => Promise.resolve(known.has(`${account} ${address}`)),
      add: (account, address) => {
        known.add(`${account} ${address}`);
        return Promise.resolve();
      },
      forget: () => Promise.reject(new Unavailable("redis")),
    },
    audit: { note: ({ kind, detail }) => void audited.push(`${kind}: ${detail}`) },
    log: createLogger({ service: "iam", level: "silent", format: "json" }),
  });
  let hashes = 0;
  const check = (password: string) => () => {
    hashes++;
    return password === "right" ? Promise.resolve("open") : Promise.reject(new WrongCredentials());
  };
  const from = <T>(address: string, work: () => Promise<T>) =>
    runWithRequest(
      { requestId: "r", deadline: Infinity, client: { address, userAgent: undefined } },
      work,
    );
  const logIn = (login: string, password: string, address = "192.0.2.1") =>
    from(address, () => attempt(login, check(password))).catch((error) => error.constructor.name);
  const outcomeOf = (work: Promise<unknown>) =>
    work.then(() => "open").catch((error: Error) => error.constructor.name);
  const register = (address: string) => outcomeOf(from(address, countRegistration));
  const mail = (account: string, address: string) => outcomeOf(from(address, () => countMail(account)));
  const redeem = (token: string, address = "192.0.2.1") => {
    const use = () => token === "right" ? Promise.resolve() : Promise.reject(new TokenInvalid());
    return outcomeOf(from(address, () => attemptToken(use)));
  };
  return {
    attempt,
    attemptToken,
    forgetAddresses,
    logIn,
    register,
    mail,
    redeem,
    audited,
    hashes: () => hashes,
  };
}

Deno.test("6.3.1: of 10,000 passwords for one account from one address 10 are checked, even if all come at once", async () => {
  const { logIn, hashes, audited } = arrange();
  const outcomes = await Promise.all(Array.from({ length: 10_000 }, () => logIn("ripley", "guess")));
  assert.equal(hashes(), 10);
  assert.equal(outcomes.filter((outcome) => outcome === "RateExceeded").length, 9_990);
  assert.equal(audited[0], "throttled: accountAndAddress");
  assert.equal(await logIn("ripley", "right"), "RateExceeded");
});

Deno.test("6.3.1: of one password for 10,000 accounts from one address 100 are checked", async () => {
  const { logIn, hashes } = arrange();
  await Promise.all(Array.from({ length: 10_000 }, (_, n) => logIn(`pilot-${n}`, "guess")));
  assert.equal(hashes(), 100);
});

Deno.test("6.3.1: of 10,000 passwords for one account from 1,000 addresses 1,000 are checked", async () => {
  const { logIn, hashes } = arrange();
  for (let n = 0; n < 10_000; n++) {
    await logIn("ripley", "guess", `192.0.${n % 4}.${Math.floor(n / 4) % 250}`);
  }
  assert.equal(hashes(), 1_000);
});

Deno.test("6.1.1: guesses at an account lock its owner out neither at another address nor where they logged in before", async () => {
  const { logIn } = arrange();
  assert.equal(await logIn("ripley", "right", "198.51.100.7"), "open");
  for (let n = 0; n < 2_000; n++) await logIn("ripley", "guess", `203.0.${n % 8}.${n % 250}`);
  assert.equal(await logIn("ripley", "guess", "192.0.2.99"), "RateExceeded");
  assert.equal(await logIn("ripley", "right", "198.51.100.7"), "open");
});

Deno.test("right passwords use no attempts up, and nor do those that could not be checked", async () => {
  const { attempt, logIn } = arrange();
  for (let n = 0; n < 50; n++) assert.equal(await logIn("ripley", "right"), "open");
  for (let n = 0; n < 50; n++) {
    await assert.rejects(attempt("ripley", () => Promise.reject(new Unavailable("postgres"))), Unavailable);
  }
  assert.equal(await logIn("ripley", "right"), "open");
});

Deno.test("an unknown login counts like a known one, in any letter case", async () => {
  const { logIn } = arrange();
  for (let n = 0; n < 10; n++) assert.equal(await logIn("Nobody", "guess"), "WrongCredentials");
  assert.equal(await logIn("nobody", "guess"), "RateExceeded");
});

Deno.test("the addresses of one IPv6 network of 64 bits count as one client", async () => {
  const { logIn } = arrange();
  for (let n = 0; n < 10; n++) await logIn("ripley", "guess", `2001:db8::${n + 1}`);
  assert.equal(await logIn("ripley", "right", "2001:db8::ffff"), "RateExceeded");
  assert.equal(await logIn("ripley", "right", "2001:db8:0:1::1"), "open");
});

Deno.test("registrations are limited by address", async () => {
  const { register } = arrange();
  for (let n = 0; n < 100; n++) assert.equal(await register("192.0.2.1"), "open");
  assert.equal(await register("192.0.2.1"), "RateExceeded");
  assert.equal(await register("192.0.2.2"), "open");
});

Deno.test("an attempt is refused for a moment only while as many are under way as may fail", async () => {
  const { attempt } = arrange();
  const outcome = Promise.withResolvers<string>();
  const pending = Array.from({ length: 10 }, () => attempt("ripley", () => outcome.promise));
  const oneMore = () => attempt("ripley", () => Promise.resolve("open"));
  await assert.rejects(oneMore(), (error) => error instanceof RateExceeded && error.retryAfterSeconds === 1);
  outcome.resolve("open");
  await Promise.all(pending);
  assert.equal(await oneMore(), "open");
});

Deno.test("known addresses that can't be forgotten fail no deletion of an account", async () => {
  const { forgetAddresses } = arrange();
  await forgetAddresses("ripley");
});

Deno.test("an account gets 5 mails, whoever asks, and an address asks for 20, of whomever", async () => {
  const { mail, audited } = arrange();
  for (let n = 0; n < 5; n++) assert.equal(await mail("ripley", `192.0.2.${n}`), "open");
  assert.equal(await mail("ripley", "192.0.2.9"), "RateExceeded");
  for (let n = 0; n < 20; n++) assert.equal(await mail(`pilot-${n}`, "198.51.100.7"), "open");
  assert.equal(await mail("parker", "198.51.100.7"), "RateExceeded");
  assert.equal(await mail("parker", "198.51.100.8"), "open");
  assert.deepEqual(audited, ["throttled: mailsToAccount", "throttled: mailsFromAddress"]);
});

Deno.test("6.5.1: wrong tokens count like wrong passwords from their address, and others don't", async () => {
  const { redeem, attemptToken, logIn } = arrange();
  for (let n = 0; n < 200; n++) assert.equal(await redeem("right"), "open");
  for (let n = 0; n < 50; n++) assert.equal(await redeem("a guess"), "TokenInvalid");
  for (let n = 0; n < 50; n++) assert.equal(await logIn(`pilot-${n}`, "guess"), "WrongCredentials");
  assert.equal(await redeem("right"), "RateExceeded");
  assert.equal(await redeem("right", "192.0.2.2"), "open");
  for (let n = 0; n < 200; n++) {
    await assert.rejects(attemptToken(() => Promise.reject(new Unavailable("postgres"))), Unavailable);
  }
});

Deno.test("a refusal says when to try again", async () => {
  const { attempt } = arrange();
  const guess = () => attempt("ripley", () => Promise.reject(new WrongCredentials()));
  for (let n = 0; n < 10; n++) await assert.rejects(guess(), WrongCredentials);
  await assert.rejects(guess(), (error) => error instanceof RateExceeded && error.retryAfterSeconds === 90);
});
