import { currentRequest } from "@rocket/platform/core";
import { MAX_USER_AGENT, type Session } from "../model/session.ts";

/** The client of the current request, as sessions and events have it. */
export function currentClient(): Pick<Session, "address" | "userAgent"> {
  const client = currentRequest()?.client;
  return { address: client?.address ?? "", userAgent: client?.userAgent?.slice(0, MAX_USER_AGENT) ?? "" };
}
