import assert from "node:assert/strict";
import { parseEmail } from "./email.ts";

Deno.test("an e-mail address of valid form is kept as written", () => {
  const longest = `a@${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(63)}.${"e".repeat(55)}.io`;
  assert.equal(longest.length, 252);
  for (const text of ["a@b.io", "Ellen.Ripley+orders@nostromo.example.com", longest]) {
    assert.equal(parseEmail(text), text);
  }
});

Deno.test("any other e-mail address is refused", () => {
  const tooLong = `${"a".repeat(64)}@${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(59)}.io`;
  assert.equal(tooLong.length, 255);
  for (
    const text of ["", "a", "a@", "@b.io", "a@b", "a b@c.io", "a@b.io\n", "a@b..io", "a@b.io\u0000", tooLong]
  ) {
    assert.equal(parseEmail(text), undefined, JSON.stringify(text));
  }
});
