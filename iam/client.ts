/**
 * A client of IAM's HTTP API, typed by the API's own handlers.
 *
 * @module
 */
import { type ApplyGlobalResponse, hc } from "hono/client";
import { type ClientOptions, type CommonErrors, honoOptions } from "@rocket/platform/http-client";
import type { IamApp } from "./api/app.ts";

type IamApi = ApplyGlobalResponse<IamApp, CommonErrors>;

/** Has every operation under its path, e.g. `client.api.v1.iam.login.$post({ json })`, with answers typed by status. */
export type IamClient = ReturnType<typeof hc<IamApi>>;

/** Creates a client for IAM at an origin such as `http://127.0.0.1:8081`. */
export function createIamClient(origin: string, options: ClientOptions = {}): IamClient {
  return hc<IamApi>(origin, honoOptions(options));
}
