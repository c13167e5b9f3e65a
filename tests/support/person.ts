import { answerOf } from "@rocket/platform/testing/raw-client";
import type { NotificationMethod } from "@rocket/proto/iam";
import type { System } from "./system.ts";

/** A registered person with an open session. */
export interface Person {
  readonly login: string;
  readonly email: string;
  readonly password: string;
  readonly userUuid: string;
  readonly sessionUuid: string;
}

/** What a person registers with; the rest is generated. */
export interface PersonDetails extends Partial<Pick<Person, "login" | "email" | "password">> {
  /** None by default. */
  readonly notificationMethods?: readonly NotificationMethod[];
}

/** Generates what a new person registers with. */
export function newPerson(details: PersonDetails = {}): Pick<Person, "login" | "email" | "password"> {
  const login = details.login ?? `pilot-${crypto.randomUUID().slice(0, 13)}`;
  return { login, email: `${login}@example.com`, password: "four stars in a row", ...details };
}

/** Registers a person. @returns The user's UUID. */
export async function register(system: System, details: PersonDetails = {}): Promise<string> {
  const { login, email, password } = newPerson(details);
  const notificationMethods = [...details.notificationMethods ?? []];
  const info = { info: { login, email, notificationMethods }, password };
  return (await answerOf(system.user.register({ info }))).userUuid;
}

/** Logs in. @returns The session's UUID. */
export async function logIn(system: System, login: string, password: string): Promise<string> {
  return (await answerOf(system.auth.login({ login, password }))).sessionUuid;
}

/** Registers a person and logs them in. */
export async function registerAndLogIn(system: System, details: PersonDetails = {}): Promise<Person> {
  const person = newPerson(details);
  const userUuid = await register(system, { ...details, ...person });
  return { ...person, userUuid, sessionUuid: await logIn(system, person.login, person.password) };
}
