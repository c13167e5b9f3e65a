import { answerOf } from "@rocket/platform/testing/raw-client";
import type { System } from "./system.ts";

/** A registered person, with a live session. */
export interface Person {
  readonly login: string;
  readonly email: string;
  readonly password: string;
  readonly userUuid: string;
  readonly sessionUuid: string;
}

/** What a person registers with; everything else is made up. */
export type PersonFacts = Partial<Pick<Person, "login" | "email" | "password">>;

/** Makes up what a new person registers with. */
export function someone(facts: PersonFacts = {}): Required<PersonFacts> {
  const login = facts.login ?? `pilot-${crypto.randomUUID().slice(0, 13)}`;
  return { login, email: `${login}@example.com`, password: "four stars in a row", ...facts };
}

/** Registers a person at IAM. */
export async function register(system: System, facts: PersonFacts = {}): Promise<string> {
  const { login, email, password } = someone(facts);
  const info = { info: { login, email, notificationMethods: [] }, password };
  return (await answerOf(system.user.register({ info }))).userUuid;
}

/** Opens a session. */
export async function logIn(system: System, login: string, password: string): Promise<string> {
  return (await answerOf(system.auth.login({ login, password }))).sessionUuid;
}

/** Registers a person and logs them in. */
export async function join(system: System, facts: PersonFacts = {}): Promise<Person> {
  const person = someone(facts);
  const userUuid = await register(system, person);
  return { ...person, userUuid, sessionUuid: await logIn(system, person.login, person.password) };
}
