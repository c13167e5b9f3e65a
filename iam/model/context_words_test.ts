import assert from "node:assert/strict";
import { isMadeOfWords } from "./context_words.ts";

const OWN = ["Ellen.Ripley", "e.ripley"];

Deno.test("6.2.11: a password made up of our own context's words is recognised", () => {
  for (
    const password of ["rocketfactory", "Rocket-Factory1", "INVENTORY2026!", "order order", "user:password"]
  ) {
    assert.equal(isMadeOfWords(password, []), true, password);
  }
});

Deno.test("6.2.11: a password made up of the login or the e-mail's local part is recognised", () => {
  for (const password of ["ellen.ripley", "Ripley1979", "ripleyripley", "ELLEN-RIPLEY-8", "e.ripley!!"]) {
    assert.equal(isMadeOfWords(password, OWN), true, password);
  }
});

Deno.test("a password that only contains such a word is not recognised", () => {
  for (const password of ["my rocket is late", "ripley and jones", "nostromo-180286", "12345678", ""]) {
    assert.equal(isMadeOfWords(password, OWN), false, password);
  }
});
