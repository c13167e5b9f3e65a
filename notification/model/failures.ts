/** The channel takes no more messages for a while. */
export class ChannelBusy extends Error {
  override readonly name = "ChannelBusy";

  /** @param retryAfterMs When to try again, in milliseconds; `undefined` if the channel does not say. */
  constructor(message: string, readonly retryAfterMs?: number) {
    super(message);
  }
}

/** The channel will never deliver to this address: the person has blocked us, or it does not exist. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}
