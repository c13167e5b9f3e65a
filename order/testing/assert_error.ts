import assert from "node:assert/strict";
import { orderApi } from "@rocket/proto/order";

/** Asserts that a response is an error of this status in the form of the contract. @returns Its body. */
export async function assertError(response: Response, status: number): Promise<orderApi.ErrorBody> {
  assert.equal(response.status, status);
  assert.match(response.headers.get("X-Request-Id") ?? "", /^[A-Za-z0-9_-]{1,64}$/);
  const body = orderApi.ErrorBody.parse(await response.json());
  assert.equal(body.code, status);
  return body;
}
