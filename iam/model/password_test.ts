import fc from "fast-check";
import assert from "node:assert/strict";
import { normalizeCandidate, parseNewPassword } from "./password.ts";

const LENGTH = "must be 8 to 128 characters long";
const COMMON = "is one of the most common passwords, which are guessed first: choose another";
const MALFORMED = "must be well-formed Unicode text";

const RULES = { minLength: 8, ownWords: ["ripley"] };
const OWN_WORDS = "is made up of words that are guessed first, e.g. your login: choose another";

/** Passwords and their problems, `undefined` if valid. */
const rules: ReadonlyArray<readonly [title: string, text: string, problem: string | undefined]> = [
  ["no characters", "", LENGTH],
  ["7 characters", "rX7!kq2", LENGTH],
  ["8 characters", "rX7!kq2w", undefined],
  ["128 characters", "rX7!kq2w".repeat(16), undefined],
  ["129 characters", "rX7!kq2w".repeat(16) + "z", LENGTH],
  ["7 emoji, which are 14 UTF-16 units", "🚀🛸🌍🌕🪐🌠🛰", LENGTH],
  ["8 emoji", "🚀🛸🌍🌕🪐🌠🛰🔭", undefined],
  ["128 emoji", "🚀🛸🌍🌕".repeat(32), undefined],
  ["129 emoji", "🚀🛸🌍🌕".repeat(32) + "🚀", LENGTH],
  ["15 code points that compose to 8", "e\u0301".repeat(7) + "q", undefined],
  ["14 code points that compose to 7", "e\u0301".repeat(7), LENGTH],
  ["marks that do not compose count one each", "q\u0301".repeat(4), undefined],
  ["256 code points that compose to 128", "e\u0301".repeat(128), undefined],
  ["258 code points that compose to 129", "e\u0301".repeat(129), LENGTH],
  ["3 ligatures that are 9 letters", "ﬃﬄﬃ", undefined],
  ["8 code points that expand to 144", "\ufdfa".repeat(8), LENGTH],
  ["the maximum number of units that are normalised", "a".repeat(1_024), LENGTH],
  ["a megabyte", "a".repeat(1 << 20), LENGTH],
  ["only spaces", " ".repeat(9), undefined],
  ["spaces at both ends, which count", "  rX7!  ", undefined],
  ["one kind of character", "vkqzjxwpfm", undefined],
  ["control characters and NUL", "\0\t\n\r\x1b\x7f\0\0", undefined],
  ["a lone high surrogate", "rX7!kq2w\ud800", MALFORMED],
  ["a lone low surrogate", "\udc00rX7!kq2w", MALFORMED],
  ["a common password", "password", COMMON],
  ["a common password in another letter case", "PassWord1", COMMON],
  ["a common password in full-width letters", "ｐａｓｓｗｏｒｄ", COMMON],
  ["a common password with one more character", "baseball~", undefined],
  ["the login with some digits", "Ripley2026", OWN_WORDS],
  ["a common password inside a longer one", "my password is long", undefined],
];

for (const [title, text, problem] of rules) {
  Deno.test(`a new password is ${problem === undefined ? "accepted" : "refused"}: ${title}`, () => {
    const parsed = parseNewPassword(text, RULES);
    assert.equal("problem" in parsed ? parsed.problem : undefined, problem);
  });
}

Deno.test("6.2.8: two spellings of one text are one password", () => {
  const spellings = [
    "Ångström-2½",
    "A\u030angstro\u0308m-2½",
    "\u212bngstr\u00f6m-21\u20442",
    "Ångström－２½",
  ];
  for (const spelling of spellings) assert.equal(normalizeCandidate(spelling), newPassword("Ångström-2½"));
});

Deno.test("a password in another letter case, or with a space added or removed, is another password", () => {
  for (const other of ["Correct horse", "correct horse ", " correct horse", "correcthorse"]) {
    assert.notEqual(normalizeCandidate(other), newPassword("correct horse"));
  }
});

Deno.test("a megabyte, 129 characters and a lone surrogate can't be passwords", () => {
  for (const text of ["a".repeat(1 << 20), "a".repeat(129), "\ufdfa".repeat(8), "rX7!kq2w\ud800"]) {
    assert.equal(normalizeCandidate(text), undefined);
  }
});

Deno.test("the rules for new passwords do not apply at login", () => {
  for (const text of ["", "short", "password"]) assert.equal(normalizeCandidate(text), text);
});

Deno.test("a new password is 8 to 128 code points in NFKC, and matches in any normalization form", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 140 }), (text) => {
    const parsed = parseNewPassword(text, RULES);
    if ("problem" in parsed) return;
    assert.equal(parsed.password, text.normalize("NFKC"));
    assert.ok([...parsed.password].length >= 8 && [...parsed.password].length <= 128);
    for (const form of ["NFC", "NFD", "NFKC", "NFKD"]) {
      assert.equal(normalizeCandidate(text.normalize(form)), parsed.password);
    }
  }));
});

Deno.test("a refusal is one of three messages, none of which repeats the password", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 12 }), (text) => {
    const parsed = parseNewPassword(text, RULES);
    assert.ok("password" in parsed || [LENGTH, COMMON, MALFORMED].includes(parsed.problem));
  }));
});

Deno.test("every spelling of 128 characters is short enough to be normalised", () => {
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
    const character = String.fromCodePoint(codePoint);
    if (character.normalize("NFKC") !== character) continue;
    assert.ok(character.normalize("NFD").length <= 8, codePoint.toString(16));
  }
});

function newPassword(text: string): string {
  const parsed = parseNewPassword(text, RULES);
  assert.ok("password" in parsed, `${text} is not acceptable`);
  return parsed.password;
}
