import { repeatFullBatches, runWithRequest } from "@rocket/platform/core";
import type { ResetRequestRepository, WaitingResetRequest } from "../repository/reset_requests.ts";
import type { Audit } from "./audit.ts";

/** How many requests are looked up at a time. */
const BATCH = 500;

/**
 * Creates the background work that publishes requests for a password reset whose e-mail address an account has, and
 * deletes the others. Any number of replicas may do it at once.
 */
export function createPublishResetRequests(
  requests: Pick<ResetRequestRepository, "find" | "publish" | "drop">,
  audit: Pick<Audit, "change">,
): (closing: AbortSignal) => Promise<void> {
  /** Acts within the request, so that the log line and the event name it and its client. */
  async function publish(request: WaitingResetRequest, userUuid: string): Promise<void> {
    const { id, requestId, address, userAgent } = request;
    const context = { requestId, deadline: Infinity, client: { address, userAgent } };
    await runWithRequest(context, () =>
      audit.change(
        { kind: "password_reset_requested", userUuid },
        async (event) => await requests.publish(id, event) || undefined,
      ));
  }

  return (closing) =>
    repeatFullBatches(BATCH, closing, async (size) => {
      const waiting = await requests.find(size);
      const unknown = waiting.filter(({ userUuid }) => userUuid === undefined);
      if (unknown.length > 0) await requests.drop(unknown.map(({ id }) => id));
      for (const request of waiting) {
        if (request.userUuid !== undefined) await publish(request, request.userUuid);
      }
      return waiting.length;
    });
}
