import { Buffer } from "node:buffer";

/** A suite's processes have printed, or its services answered with, a secret that the suite used. */
export class SecretLeaked extends Error {
  override readonly name = "SecretLeaked";
}

/** Texts that no process may print and no error may hold, and a quick way to find them. */
export interface UsedSecrets {
  /** Notes a secret; one that is shorter than 12 characters could be a part of any line, and is left out. */
  note(secret: string): void;
  /** Notes the passwords in a request, by the names of their fields; its session identifier may be somebody's UUID. */
  noteRequest(message: unknown): void;
  /** Notes the session identifiers in an answer. */
  noteAnswer(message: unknown): void;
  /** @throws {SecretLeaked} if one of the texts holds a secret, however it is written; with the line, and its source. */
  refuseIn(texts: readonly string[], source: string): void;
}

const SHORTEST = 12;

const HASH_BITS = 20;

/** Creates an empty collection. */
export function createUsedSecrets(): UsedSecrets {
  const forms = new Map<string, Set<string>>();
  const mayStart = new Uint8Array(2 ** HASH_BITS);
  const note = (secret: string) => {
    if (secret.length < SHORTEST) return;
    for (const form of formsOf(secret)) {
      const start = form.slice(0, SHORTEST);
      mayStart[hashAt(form, 0)] = 1;
      forms.set(start, (forms.get(start) ?? new Set()).add(form));
    }
  };
  return {
    note,
    noteRequest: (message) => fieldsNamed(/password$/i, message).forEach(note),
    noteAnswer: (message) => fieldsNamed(/^session_?uuid$/i, message).forEach(note),
    refuseIn(texts, source) {
      for (const text of texts) {
        const leaked = findForm(text.toLowerCase(), forms, mayStart);
        if (leaked !== undefined) {
          throw new SecretLeaked(`${source} holds ${JSON.stringify(leaked)}:\n${text}`);
        }
      }
    },
  };
}

/** What the suite of this file has used: each file of tests has modules of its own. */
export const usedSecrets: UsedSecrets = createUsedSecrets();

/** How a log may write a secret, in lower case: as it is, escaped for JSON or for a URL, and in base64. */
function formsOf(secret: string): ReadonlySet<string> {
  const base64 = (["base64", "base64url"] as const).map((encoding) => {
    // The last characters depend on what follows.
    const whole = Math.floor(Buffer.byteLength(secret) / 3) * 4;
    return Buffer.from(secret).toString(encoding).slice(0, whole);
  });
  const written = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...base64];
  return new Set(written.map((form) => form.toLowerCase()));
}

/**
 * Looks at each place of the text once, however many secrets there are, and at most places only for their hash: suites
 * use thousands of secrets and print megabytes.
 */
function findForm(
  text: string,
  forms: ReadonlyMap<string, ReadonlySet<string>>,
  mayStart: Uint8Array,
): string | undefined {
  for (let at = 0; at + SHORTEST <= text.length; at++) {
    if (mayStart[hashAt(text, at)] === 0) continue;
    for (const form of forms.get(text.slice(at, at + SHORTEST)) ?? []) {
      if (text.startsWith(form, at)) return form;
    }
  }
  return undefined;
}

/** Hashes a few characters, enough to tell most places from the start of a secret. */
function hashAt(text: string, at: number): number {
  let hash = 0;
  for (let next = at; next < at + 6; next++) hash = Math.imul(hash, 31) + text.charCodeAt(next);
  return Math.imul(hash, 0x9E3779B1) >>> (32 - HASH_BITS);
}

function fieldsNamed(wanted: RegExp, message: unknown): readonly string[] {
  if (typeof message !== "object" || message === null) return [];
  return Object.entries(message).flatMap(([name, value]) => {
    if (typeof value !== "string") return fieldsNamed(wanted, value);
    return wanted.test(name) ? [value] : [];
  });
}
