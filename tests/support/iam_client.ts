import type { iamApi } from "@rocket/proto/iam";
import type { System } from "./system.ts";
import { usedSecrets } from "./used_secrets.ts";

/** A request to IAM's HTTP door, relative to `/api/v1/iam`. */
export interface IamRequest {
  readonly method?: string;
  readonly sessionUuid?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Sends an HTTP request to IAM. */
export async function fetchIam(system: System, path: string, request: IamRequest = {}): Promise<Response> {
  const { sessionUuid, body, method = body === undefined ? "GET" : "POST" } = request;
  const headers = new Headers();
  if (sessionUuid !== undefined) headers.set("X-Session-Uuid", sessionUuid);
  if (body !== undefined) headers.set("Content-Type", "application/json");
  usedSecrets.noteRequest(body);
  const response = await fetch(`${system.iamUrl}/api/v1/iam${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.clone().text();
  if (response.ok) usedSecrets.noteAnswer(text === "" ? undefined : JSON.parse(text));
  else usedSecrets.refuseIn([text], `the answer to ${method} ${path}`);
  return response;
}

/** Logs in over HTTP. @throws {Error} unless a session is opened. */
export async function logInOverHttp(
  system: System,
  credentials: iamApi.LoginBody,
): Promise<iamApi.LoginResponse> {
  const response = await fetchIam(system, "/login", { body: credentials });
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return await response.json();
}
