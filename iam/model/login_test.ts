import assert from "node:assert/strict";
import { parseLogin } from "./login.ts";

Deno.test("a login of 3 to 64 letters, digits, dots, underscores and hyphens is kept as written", () => {
  for (const text of ["abc", "R2-D2", "ellen.ripley_3", "-.-", "a".repeat(64)]) {
    assert.equal(parseLogin(text), text);
  }
});

Deno.test("any other login is refused", () => {
  for (
    const text of [
      "",
      "ab",
      "a".repeat(65),
      "a b c",
      "abc\n",
      "\nabc",
      "жук",
      "abc@",
      "abc\u0000",
      "ａｂｃ",
    ]
  ) {
    assert.equal(parseLogin(text), undefined, JSON.stringify(text));
  }
});
