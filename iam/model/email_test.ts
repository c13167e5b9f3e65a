import fc from "fast-check";
import assert from "node:assert/strict";
import { domainToUnicode } from "node:url";
import { parseEmail } from "./email.ts";

const LONGEST_LOCAL_PART = "a".repeat(64);
/** 189 octets: with the longest local part and `@` it makes an address of 254. */
const LONG_DOMAIN = ["b", "c"].map((letter) => letter.repeat(63)).join(".") + `.${"d".repeat(58)}.io`;

const accepted: Readonly<Record<string, string>> = {
  "the shortest": "a@b.io",
  "a tag, dots and upper case": "Ellen.Ripley+orders@Nostromo.Example.com",
  "every character that a local part may have": "!#$%&'*+-/=?^_`{|}~@example.com",
  "254 octets, 64 of them before the @": `${LONGEST_LOCAL_PART}@${LONG_DOMAIN}`,
  "an internationalised top-level domain": "x@пример.рф",
  "an internationalised top-level domain in its ASCII form": "x@xn--e1afmkfd.xn--p1ai",
  "an ASCII name under an internationalised top-level domain": "x@example.рф",
  "a domain whose label has a hyphen inside": "x@good-name.example.com",
  "a label of digits": "x@123.example.com",
};

const refused: Readonly<Record<string, string>> = {
  "an empty string": "",
  "no @": "a",
  "no domain": "a@",
  "no local part": "@b.io",
  "no top-level domain": "a@b",
  "a space": "a b@c.io",
  "a line break at the end": "a@b.io\n",
  "NUL": "a@b.io\u0000",
  "an empty label": "a@b..io",
  "a dot at the end": "a@b.io.",
  "two dots in the local part": "a..b@c.io",
  "a leading dot": ".a@c.io",
  "two @": "a@b@c.io",
  "a quoted local part": '"a b"@c.io',
  "a non-ASCII local part": "пилот@example.com",
  "a local part of 65 octets": `${LONGEST_LOCAL_PART}a@b.io`,
  "a local part of 86 octets": `${"a".repeat(86)}@b.io`,
  "255 octets": `${LONGEST_LOCAL_PART}@d${LONG_DOMAIN}`,
  "254 characters that take more octets": `${LONGEST_LOCAL_PART}@${"ж".repeat(20)}.${LONG_DOMAIN.slice(21)}`,
  "a megabyte": `a@${"b.".repeat(1 << 19)}io`,
  "a label that ends with a hyphen": "x@bad-.example.com",
  "a label that begins with a hyphen": "x@-bad.example.com",
  "hyphens as third and fourth characters of a label": "x@ab--cd.example.com",
  "a label of 64 octets": `x@${"b".repeat(64)}.com`,
  "an internationalised label of more than 63 octets in its ASCII form": `x@${"ж".repeat(60)}.com`,
  "an invalid A-label": "x@xn--a.com",
  "an invisible character in the domain": "x@exam\u00adple.com",
  "a symbol in the domain": "x@☃.net",
  "an underscore in the domain": "x@a_b.com",
  "an IPv4 address": "x@127.0.0.1",
  "an address literal": "x@[127.0.0.1]",
};

Deno.test("an e-mail address that follows the rule is kept as written", () => {
  for (const [title, text] of Object.entries(accepted)) assert.equal(parseEmail(text)?.text, text, title);
});

Deno.test("any other e-mail address is refused", () => {
  for (const [title, text] of Object.entries(refused)) assert.equal(parseEmail(text), undefined, title);
});

const LABEL_CHARACTERS = [..."abcxyzABCXYZ019-éжß例"];
const label = fc.string({ unit: fc.constantFrom(...LABEL_CHARACTERS), minLength: 1, maxLength: 64 });
const domain = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
const localPart = fc.string({ unit: fc.constantFrom(..."aZ0.+-_"), maxLength: 70 });
const address = fc.tuple(
  localPart,
  fc.constantFrom("@", "@", "@@", ""),
  domain,
  fc.constantFrom("", ".io", ".рф"),
)
  .map((parts) => parts.join(""));

Deno.test("an accepted address is within the limits of SMTP and of domain names", () => {
  fc.assert(fc.property(fc.oneof(address, fc.string({ unit: "binary" })), (text) => {
    const ascii = parseEmail(text)?.ascii;
    if (ascii === undefined) return;
    const [local = "", domain = "", ...rest] = ascii.split("@");
    assert.deepEqual(rest, []);
    assert.match(ascii, /^[\x21-\x7e]+$/);
    assert.ok(ascii.length <= 254 && local.length >= 1 && local.length <= 64);
    for (const label of domain.split(".")) assert.match(label, /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/);
  }));
});

Deno.test("an address is the same in any letter case and in both forms of its domain", () => {
  fc.assert(fc.property(address, (text) => {
    const email = parseEmail(text);
    if (email === undefined) return;
    const [local, domain = ""] = email.ascii.split("@");
    const forms = [email.ascii, email.ascii.toUpperCase(), `${local}@${domainToUnicode(domain)}`];
    for (const form of forms) {
      assert.equal(parseEmail(form)?.ascii.toLowerCase(), email.ascii.toLowerCase(), form);
    }
  }));
});

Deno.test("the generated addresses are accepted and refused often enough to prove something", () => {
  const samples = fc.sample(address, 500).map((text) => parseEmail(text) !== undefined);
  assert.ok(samples.filter(Boolean).length >= 25);
  assert.ok(samples.filter((isAccepted) => !isAccepted).length >= 25);
});
