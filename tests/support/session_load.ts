import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { eventually } from "@rocket/platform/testing/eventually";
import { statusOf } from "@rocket/platform/testing/raw-client";
import { newPerson, type Person, register } from "./person.ts";
import type { System } from "./system.ts";

const WORKERS = 8;
const PEOPLE = 12;

/** A worker's pause between its calls, in milliseconds, which leaves the machine to the servers. */
const PAUSE_MS = 5;

/** How long nothing may fail for the service to count as whole again, in milliseconds. */
const QUIET_MS = 1_500;

/** What a service answers that can't serve; anything else is an answer about the session. */
const OUTAGE = ["UNAVAILABLE", "DEADLINE_EXCEEDED"];

/** A session that was returned to its owner. Times by `performance.now()`. */
interface ToldSession {
  readonly sessionUuid: string;
  readonly opening: Change;
  /** Absent until its owner logs out. */
  revoking?: Change;
}

interface Change {
  readonly begunAt: number;
  /** Absent while there is no answer, or none that says whether it was done. */
  answeredAt?: number;
}

/** A time in which an answered change may still be lost: its writes had not certainly reached a replica. */
export interface Doubt {
  readonly fromMs: number;
  readonly toMs: number;
}

/** People who log in, use their sessions and log out, all the time. Disposing it stops them. */
export class SessionLoad implements AsyncDisposable {
  readonly #system: System;
  readonly #people: readonly Pick<Person, "login" | "password" | "userUuid">[];
  readonly #sessions: ToldSession[] = [];
  /** Answers that were wrong, unless the change of the session was in doubt. */
  readonly #wrong: { readonly session: ToldSession; readonly answer: string }[] = [];
  readonly #workers: Promise<void>[];
  #stopped = false;
  #calls = 0;
  #failures = 0;
  #lastFailureAt = 0;

  static async start(system: System): Promise<SessionLoad> {
    const people = await Promise.all(Array.from({ length: PEOPLE }, async () => {
      const { login, email, password } = newPerson();
      return { login, password, userUuid: await register(system, { login, email, password }) };
    }));
    return new SessionLoad(system, people);
  }

  private constructor(system: System, people: SessionLoad["people"]) {
    this.#system = system;
    this.#people = people;
    this.#workers = Array.from({ length: WORKERS }, (_, n) => this.#work(n));
  }

  get people(): readonly Pick<Person, "login" | "password" | "userUuid">[] {
    return this.#people;
  }

  /** How many calls failed, as the service could not serve. */
  get failures(): number {
    return this.#failures;
  }

  /** Waits until so many more calls have been made. */
  async progress(calls: number): Promise<void> {
    const enough = this.#calls + calls;
    await eventually(() => assert.ok(this.#calls >= enough, `${this.#calls} of ${enough} calls`));
  }

  /** Waits until calls have failed since `sinceMs`, and then none for a while. @returns When the last one failed. */
  async untilWhole(sinceMs: number): Promise<number> {
    await eventually(() => {
      assert.ok(this.#lastFailureAt > sinceMs, "nothing has failed");
      assert.ok(performance.now() - this.#lastFailureAt > QUIET_MS, "calls still fail");
    });
    return this.#lastFailureAt;
  }

  /** Stops, looks every session up once more, and fails if one was lost or came back that was not in doubt. */
  async verify(doubt: Doubt): Promise<{ readonly sessions: number; readonly revoked: number }> {
    await this[Symbol.asyncDispose]();
    for (const session of this.#sessions) await this.#lookUp(session);
    const wrong = this.#wrong.filter(({ session, answer }) =>
      !(answer === "OK" ? isInDoubt(session.revoking, doubt) : isInDoubt(session.opening, doubt))
    );
    assert.deepEqual(wrong, []);
    const revoked = this.#sessions.filter(({ revoking }) => revoking?.answeredAt !== undefined);
    return { sessions: this.#sessions.length, revoked: revoked.length };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#workers);
  }

  async #work(worker: number): Promise<void> {
    for (let turn = worker; !this.#stopped; turn++) {
      const session = oneOf(this.#sessions);
      if (session === undefined || turn % 4 === 0) await this.#logIn();
      else if (turn % 10 === 1 && session.revoking === undefined) await this.#logOut(session);
      else await this.#lookUp(session);
      await delay(PAUSE_MS);
    }
  }

  async #logIn(): Promise<void> {
    const { login, password } = oneOf(this.#people) ?? assert.fail();
    const opening: Change = { begunAt: performance.now() };
    const call = this.#system.auth.login({ login, password });
    if (await this.#count(call) !== "OK") return;
    opening.answeredAt = performance.now();
    this.#sessions.push({ sessionUuid: (await call).response?.sessionUuid ?? "", opening });
  }

  async #logOut(session: ToldSession): Promise<void> {
    session.revoking = { begunAt: performance.now() };
    const { sessionUuid } = session;
    if (await this.#count(this.#system.auth.logout({ sessionUuid })) !== "OK") return;
    session.revoking.answeredAt = performance.now();
  }

  async #lookUp(session: ToldSession): Promise<void> {
    const before = session.revoking?.answeredAt;
    const answer = await this.#count(this.#system.auth.whoami({ sessionUuid: session.sessionUuid }));
    if (OUTAGE.includes(answer)) return;
    // Either answer is right while the session is being revoked, or if it is unknown whether that was done.
    if (session.revoking !== undefined && before === undefined) return;
    const right = before === undefined ? "OK" : "UNAUTHENTICATED";
    if (answer !== right) this.#wrong.push({ session, answer });
  }

  async #count(call: Parameters<typeof statusOf>[0]): Promise<string> {
    const status = await statusOf(call);
    this.#calls++;
    if (OUTAGE.includes(status)) {
      this.#failures++;
      this.#lastFailureAt = performance.now();
    }
    return status;
  }
}

function oneOf<T>(choices: readonly T[]): T | undefined {
  return choices[Math.floor(Math.random() * choices.length)];
}

function isInDoubt(change: Change | undefined, { fromMs, toMs }: Doubt): boolean {
  return change?.answeredAt !== undefined && change.answeredAt > fromMs && change.begunAt < toMs;
}
