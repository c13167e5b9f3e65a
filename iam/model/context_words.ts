/** The product, its services, and what they are about: the words that anybody would try first here (OWASP ASVS 6.1.2). */
const CONTEXT_WORDS = [
  ...["rocket", "factory", "spaceship", "ship", "pilot"],
  ...["iam", "order", "inventory", "payment", "assembly", "notification"],
  ...["account", "login", "password", "session", "user", "admin"],
] as const;

/** Shorter words are part of too many others. */
const MIN_WORD_LENGTH = 3;

/**
 * Whether a password has no letters besides words of our own context, in any letter case and with any digits and signs
 * around them: `Rocket-Factory1` (OWASP ASVS 6.2.11).
 *
 * @param ownWords Words of the person's own: the login, and the local part of the e-mail address.
 */
export function isMadeOfWords(password: string, ownWords: readonly string[]): boolean {
  const words = [...ownWords, ...ownWords.flatMap((word) => word.split(/[^\p{L}]+/u)), ...CONTEXT_WORDS]
    .map((word) => word.toLowerCase())
    .filter((word) => word.length >= MIN_WORD_LENGTH)
    .toSorted((a, b) => b.length - a.length);
  const text = password.toLowerCase();
  const rest = words.reduce((rest, word) => rest.replaceAll(word, ""), text);
  return rest !== text && !/\p{L}/u.test(rest);
}
