import assert from "node:assert/strict";
import { isCommonPassword } from "./common_passwords.ts";

// From the top of the SecLists ranking; shortened lists tend to omit whole kinds of these.
const common = {
  words: ["password", "baseball", "football", "superman", "sunshine", "iloveyou", "princess", "starwars"],
  digits: ["12345678", "123456789", "1234567890", "987654321", "87654321", "147258369"],
  repetitions: ["11111111", "88888888", "00000000", "aaaaaaaa", "123123123", "12341234", "lovelove"],
  "keyboard walks": ["qwertyuiop", "1qaz2wsx", "q1w2e3r4", "1q2w3e4r", "asdfghjk", "zaq12wsx", "asdfasdf"],
  "words with digits": ["password1", "password123", "qwerty123", "trustno1", "abcd1234", "welcome1"],
  "letters replaced by symbols": ["p@ssw0rd", "passw0rd"],
};

for (const [kind, passwords] of Object.entries(common)) {
  Deno.test(`6.2.4: the most common passwords are recognised: ${kind}`, () => {
    for (const password of passwords) assert.equal(isCommonPassword(password), true, password);
  });
}

Deno.test("a common password is recognised in any letter case", () => {
  for (const password of ["Password1", "PASSWORD", "Qwerty123", "P@ssw0rd", "Aa123456"]) {
    assert.equal(isCommonPassword(password), true, password);
  }
});

Deno.test("a password that only contains a common one is not recognised", () => {
  for (const password of ["password~", "my password", "rocket-sunshine", ""]) {
    assert.equal(isCommonPassword(password), false, password);
  }
});
