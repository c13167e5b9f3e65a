import type { Contract } from "../../support/openapi.ts";
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
  return [
    ...await contract.violations(request.id, answer),
    ...idFaults(request, headers),
    ...statusFaults(contract, request, status),
  ];
}

/** A caller's own request id is kept if it is valid. */
function idFaults({ headers }: FuzzedRequest, answered: Headers): readonly string[] {
  const [offered = "", id] = [headers["X-Request-Id"], answered.get("X-Request-Id")];
  const isKept = !/^[A-Za-z0-9_-]{1,64}$/.test(offered) || id === offered;
  return isKept ? [] : [`X-Request-Id is ${id}, not ${offered}`];
}

function statusFaults(contract: Contract, request: FuzzedRequest, status: number): readonly string[] {
  const { id, path, query, headers, isInSession, body } = request;
  const isAuthenticated = isInSession && !("X-Session-Uuid" in headers);
  if (!isAuthenticated) return status === 401 ? [] : [`${status} without a session`];
  if (status === 401) return ["a valid session is refused"];
  const isOk = status < 300;
  const takesBody = contract.operations.some((operation) => operation.id === id && operation.body);
  if (takesBody && body !== undefined && isOk && !isJson(body)) {
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
