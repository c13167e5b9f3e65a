import type { ApplyGlobalResponse } from "hono/client";
import type { Disagreement, ErrorBody } from "@rocket/platform/http";
import type { OrderPaths } from "@rocket/proto/order";
import type { OrderApp } from "./app.ts";

/**
 * Where the handlers and the OpenAPI document disagree: nowhere, or this does not compile, and the error names what
 * they do not both say.
 */
export const DISAGREEMENTS: Readonly<Record<Disagreement<OrderApi, OrderPaths>, never>> = {};

/** The order API as its handlers type it. */
export type OrderApi = ApplyGlobalResponse<OrderApp, ErrorsOfAll>;

/** What any operation may answer: the guard's refusal, a fault, an upstream that has too much to do or is away. */
type ErrorsOfAll = Readonly<Record<401 | 429 | 500 | 503 | 504, { readonly json: ErrorBody }>>;
