import { createHash } from "node:crypto";
import { hopDeadline } from "@rocket/platform/core";
import type { Logger } from "@rocket/platform/log";
import type { Password } from "../model/password.ts";

/** Knows the passwords that were breached elsewhere (OWASP ASVS 6.2.12). */
export interface BreachedPasswords {
  /** False also if it can't be found out: a foreign service that is down must not stop registrations. */
  has(password: Password): Promise<boolean>;
}

/** Asks no service: new passwords are checked against the offline list only. */
export const OFFLINE_LIST_ONLY: BreachedPasswords = { has: () => Promise.resolve(false) };

/** The most characters of an answer that are read; an answer of Pwned Passwords has some 50,000. */
const MAX_ANSWER_LENGTH = 256 * 1024;

/** One breached password: the rest of its hash, and how often it was seen. */
const LINE = /^([0-9A-F]{35}):([0-9]{1,10})$/i;

/**
 * Creates a client of a range service. The service is sent the first 5 hexadecimal digits of a password's SHA-1 and
 * answers with the rest of every breached one that begins with them, some 1,000, so it does not learn which password is
 * meant (k-anonymity). Padding hides the digits from those who see only the length of the encrypted answer.
 *
 * @param url `GET {url}/{5 digits}` is asked, within a hop's deadline.
 */
export function createBreachedPasswords(url: string, log: Logger): BreachedPasswords {
  return {
    async has(password) {
      const digits = createHash("sha1").update(password).digest("hex").toUpperCase();
      try {
        const counts = parseRange(await ask(`${url}/${digits.slice(0, 5)}`));
        // Padding counts 0.
        return (counts.get(digits.slice(5)) ?? 0) > 0;
      } catch (error) {
        // The error's own message may have the URL, and with it the digits.
        log.warn({ reason: reasonOf(error) }, "password not checked for breaches");
        return false;
      }
    },
  };
}

/** The service did not answer with a range. */
class BadAnswer extends Error {}

async function ask(url: string): Promise<string> {
  const response = await fetch(url, {
    headers: { "Add-Padding": "true", "User-Agent": "rocket-factory-iam" },
    // The permissions allow only the address of the URL.
    redirect: "error",
    signal: AbortSignal.timeout(Math.max(0, hopDeadline() - Date.now())),
  });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new BadAnswer(`answered with status ${response.status}`);
  }
  let text = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    // Leaving the loop cancels the body.
    if (text.length > MAX_ANSWER_LENGTH) throw new BadAnswer("answered too much");
  }
  return text;
}

function parseRange(text: string): ReadonlyMap<string, number> {
  const lines = text.split(/\r?\n/).filter((line) => line !== "");
  return new Map(lines.map((line) => {
    const [, rest, count] = LINE.exec(line) ?? [];
    if (rest === undefined) throw new BadAnswer("answered with something else");
    return [rest.toUpperCase(), Number(count)];
  }));
}

function reasonOf(error: unknown): string {
  if (error instanceof BadAnswer) return error.message;
  return error instanceof Error && error.name === "TimeoutError" ? "no answer in time" : "not reached";
}
