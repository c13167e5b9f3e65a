import assert from "node:assert/strict";
import { createToken, storedToken } from "./account_token.ts";

Deno.test("a token is 256 bits that differ each time, and fits into a link as it is", () => {
  const tokens = Array.from({ length: 100 }, createToken);
  assert.equal(new Set(tokens).size, 100);
  for (const token of tokens) assert.match(token, /^[A-Za-z0-9_-]{43}$/);
});

Deno.test("what is stored of a token is the same each time, and does not contain it", () => {
  const token = createToken();
  const { digest, purpose } = storedToken(token, "reset_password");
  assert.deepEqual(storedToken(token, "reset_password"), { digest, purpose });
  assert.ok(!digest.includes(token));
  assert.notEqual(storedToken(createToken(), "reset_password").digest, digest);
});
