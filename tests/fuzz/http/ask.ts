import type { Contract } from "../../support/openapi.ts";
import type { FuzzedRequest } from "./request.ts";

/** Longer than a request may take, in milliseconds. */
const HANG_MS = 8_000;

/** How a request differs from a valid one. */
export interface Changes extends Partial<Omit<FuzzedRequest, "id">> {
  /** Replaces the operation's. */
  readonly method?: string;
  /** Changes the path of the request. */
  readonly at?: (path: string) => string;
}

/** A valid request. */
export interface GoodRequest {
  /** Values for the path's parameters, by name. */
  readonly path?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A client of an HTTP API that knows a valid request for each operation. */
export interface HttpAsker {
  /** A valid body for the operation, if it takes one. */
  goodBody(id: string): object | undefined;
  /** Sends a valid request for the operation, with the changes. */
  ask(id: string, changes?: Changes): Promise<Response>;
}

/** What an asker is made from. */
export interface HttpAskerOptions {
  readonly origin: string;
  readonly contract: Contract;
  /** The session that requests are sent in. */
  readonly sessionUuid: () => string;
  /** A valid request of each operation, by its id in the document. */
  readonly goodRequests: Readonly<Record<string, () => GoodRequest>>;
}

/**
 * Creates a client that asks as the options say.
 *
 * @throws {TypeError} if an operation of the document has no valid request.
 */
export function createHttpAsker(
  { origin, contract, sessionUuid, goodRequests }: HttpAskerOptions,
): HttpAsker {
  const known = new Map(contract.operations.map((operation) => {
    const request = goodRequests[operation.id];
    if (request === undefined) {
      throw new TypeError(`${operation.id} has no valid request: add one to its stage in tests/fuzz/http`);
    }
    return [operation.id, { operation, request }];
  }));
  const lookUp = (id: string) => {
    const found = known.get(id);
    if (found === undefined) throw new TypeError(`the document has no operation ${id}`);
    return found;
  };

  const ask: HttpAsker["ask"] = async (id, changes = {}) => {
    const { operation, request } = lookUp(id);
    const { method = operation.method, at = (path) => path, query = [], headers = {} } = changes;
    const good = request();
    const path = operation.path.replaceAll(/{(.+?)}/g, (_, name) => {
      const segment = changes.path?.[name] ?? good.path?.[name];
      if (segment === undefined) throw new TypeError(`the valid request of ${id} has no ${name}`);
      return segment;
    });
    const search = query.length === 0 ? "" : `?${new URLSearchParams(query.map((one) => [...one]))}`;
    const goodBody = method === "GET" ? undefined : good.body && JSON.stringify(good.body);
    const body = changes.body ?? goodBody;
    return await fetch(`${origin}${at(path)}${search}`, {
      method,
      headers: {
        ...(changes.isInSession !== false && { "X-Session-Uuid": sessionUuid() }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(HANG_MS),
    });
  };

  return { goodBody: (id) => lookUp(id).request().body, ask };
}
