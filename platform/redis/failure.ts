import { AccessRefused, Unavailable } from "../core/failure.ts";
import { errorCode } from "../core/explain_failure.ts";

/** Error prefixes that blame the command; every other one is a refusal of the server, whatever the reason. */
const COMMAND_AT_FAULT =
  /^(?!ERR (max number of clients|(invalid )?DB index|The user executing the script))(ERR|WRONGTYPE|NOSCRIPT|EXECABORT|CROSSSLOT)\b/;

/** The user, the password, the database or a permission is wrong. */
const ACCESS_REFUSED =
  /^(NOAUTH|WRONGPASS|NOPERM|DENIED|ERR ((invalid )?DB index|The user executing the script))\b/;

/** A master that was demoted, is cut off from its replicas, its own master or its cluster, or has just restarted. */
const LOST_MASTER = /^(READONLY|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|LOADING)\b/;

/** A cluster is not ready, and would keep a command until it is. */
export class NotConnected extends Error {
  override readonly name = "NotConnected";
}

/** How ioredis and node report a connection that is lost or could not be made, by an error's name, code or message. */
const LOST =
  /^(NotConnected|MaxRetriesPerRequestError|AbortError|ParserError|E[A-Z_]+|Connection is closed\.|Stream isn't writeable.*|Socket timeout\..*|Too many Cluster redirections\..*)$/;

/** Whether an answer shows that the server is no longer the master, so that another connection may find the new one. */
export function isLostMaster(error: Error): boolean {
  return LOST_MASTER.test(error.message);
}

/** Whether the connection could not switch to the database of its URL. */
export function isFailedSelect(error: Error): boolean {
  const { command } = error as { command?: { name?: unknown } }; // ioredis adds it to the replies of commands
  return error.name === "ReplyError" && command?.name === "select";
}

/** Whether a command failed for want of a connection, which says nothing about the cause. */
export function isNotSent(error: Error): boolean {
  return error.message.startsWith("Stream isn't writeable");
}

/**
 * Maps an error of the client to a failure; errors that blame the command, and faults of ours, stay as they are.
 *
 * @param outage Why there is no connection, if there is none.
 */
export function toFailure(error: unknown, outage?: Error): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === "ReplyError") {
    return COMMAND_AT_FAULT.test(error.message) ? error : refusal(error);
  }
  const isLoss = [error.name, errorCode(error), error.message].some((word) => LOST.test(word));
  return isLoss ? refusal(outage ?? error) : error;
}

function refusal(cause: Error): Unavailable {
  return ACCESS_REFUSED.test(cause.message)
    ? new AccessRefused("redis", { cause })
    : new Unavailable("redis", { cause });
}
