import type { RenderedMessage } from "../model/message.ts";

/** A way to send messages. */
export interface Sender {
  /**
   * Sends a message.
   *
   * @param eventUuid Names the message, so that a receiver that can tells a repeat.
   * @throws {AddressRefused} if it can never be delivered there.
   * @throws {ChannelBusy} if it may be sent later.
   * @throws {Error} if it could not be sent; whether it was is then not known.
   */
  send(target: string, message: RenderedMessage, eventUuid: string): Promise<void>;
}
