import assert from "node:assert/strict";
import { isTarget, parseProvider } from "./notification_method.ts";

Deno.test("only telegram, email and push in lower case are providers", () => {
  for (const name of ["telegram", "email", "push"]) assert.equal(parseProvider(name), name);
  for (const name of ["", "Telegram", "sms", "push ", "constructor"]) {
    assert.equal(parseProvider(name), undefined);
  }
});

Deno.test("a target has 1 to 254 characters, counted in code points, and no control character", () => {
  for (const target of ["@", "a".repeat(254), "🚀".repeat(254)]) assert.ok(isTarget(target));
  for (const target of ["", "a".repeat(255), "a\u0000", "a\nb", "a\u007f"]) assert.ok(!isTarget(target));
});

Deno.test("a target is well-formed Unicode, as no other text can be stored", () => {
  for (const target of ["a\ud800", "\udc00a", "🚀".slice(0, 1)]) assert.ok(!isTarget(target));
});
