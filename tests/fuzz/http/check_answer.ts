import { orderApi } from "@rocket/proto/order";
import assert from "node:assert/strict";
import type { Contract } from "../../support/openapi.ts";
import type { HttpAsker } from "./ask.ts";
import type { FuzzedRequest } from "./request.ts";

/**
 * Checks the answer to a generated request.
 *
 * @returns What is wrong with the answer, in words.
 */
export async function faultsOf(
  contract: Contract,
  request: FuzzedRequest,
  answer: Response,
): Promise<readonly string[]> {
  const { status, headers } = answer;
  if (status >= 500) return [`${status}: ${await answer.text()}`];
  if (status === 431) {
    await assertRefused(answer, 431);
    return isLong(request) ? [] : ["a short request line and headers are refused as too long"];
  }
  return [
    ...await contract.violations(request.id, answer),
    ...idFaults(request, headers),
    ...statusFaults(contract, request, status),
  ];
}

/** Whether the request line and the headers may be longer than the 16 KiB that a server reads of them. */
function isLong({ path, query, headers }: FuzzedRequest): boolean {
  const texts = [...Object.values(path), ...query.flat(), ...Object.values(headers)];
  return texts.reduce((sum, text = "") => sum + encodeURIComponent(text.toWellFormed()).length, 0) > 15_000;
}

/** A caller's own request id is kept if it is valid. */
function idFaults({ headers }: FuzzedRequest, answered: Headers): readonly string[] {
  const [offered = "", id] = [headers["X-Request-Id"], answered.get("X-Request-Id")];
  const isKept = !/^[A-Za-z0-9_-]{1,64}$/.test(offered) || id === offered;
  return isKept ? [] : [`X-Request-Id is ${id}, not ${offered}`];
}

function statusFaults(contract: Contract, request: FuzzedRequest, status: number): readonly string[] {
  const { id, path, query, headers, isInSession, body } = request;
  const operation = contract.operations.find((one) => one.id === id);
  const isAuthenticated = isInSession && !("X-Session-Uuid" in headers);
  if (!operation?.isOpen) {
    if (!isAuthenticated) return status === 401 ? [] : [`${status} without a session`];
    if (status === 401) return ["a valid session is refused"];
  }
  const isOk = status < 300;
  if (operation?.body && body !== undefined && isOk && !isJson(body)) {
    return ["a body that is not JSON is accepted"];
  }
  const isGood = Object.values(path).every((segment) => segment === undefined) && query.length === 0 &&
    Object.keys(headers).length === 0 && body === undefined;
  return isGood && !isOk ? [`a valid request is refused with ${status}`] : [];
}

/** JSON must be UTF-8 (RFC 8259, 8.1). */
function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}

/** Checks that an answer is an error of this status, even if no operation documents it. */
export async function assertRefused(answer: Response, status: number): Promise<void> {
  assert.equal(answer.status, status);
  assert.match(answer.headers.get("X-Request-Id") ?? "", /^[A-Za-z0-9_-]{1,64}$/);
  // Every document has the same schema of errors.
  assert.equal(orderApi.ErrorBody.parse(await answer.json()).code, status);
}

/** Checks that a valid request for an operation is answered as documented. */
export async function assertWell(
  { contract, ask }: Pick<HttpAsker, "ask"> & { readonly contract: Contract },
  id: string,
): Promise<void> {
  const answer = await ask(id);
  assert.ok(answer.ok, `${id} ${answer.status}`);
  assert.deepEqual(await contract.violations(id, answer), []);
}

/**
 * Lists the answers that enough requests must have got, and did not: those that are refused at the door prove nothing
 * about the code behind it.
 */
export function unreached({ operations }: Contract, answered: ReadonlySet<string>): readonly string[] {
  return operations.flatMap(({ id, statuses }) =>
    statuses.filter((status) => status < 300 || status === 400 || status === 401)
      .map((status) => `${id} ${status}`)
  ).filter((line) => !answered.has(line));
}
