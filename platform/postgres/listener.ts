import { currentValue, type Secret } from "../config/secret.ts";
import type { Logger } from "../log/logger.ts";
import { closeDriver, openDriver } from "./driver.ts";

/** Options of {@linkcode listen}. */
export interface ListenOptions {
  readonly url: string | Secret<string>;
  readonly channel: string;
  /** Called for each notification. */
  readonly onNotification: (payload: string) => void;
  /** Called each time that listening begins, also after the connection was lost: what came before was not heard. */
  readonly onListening: () => void;
  readonly log: Logger;
}

/**
 * Listens to a channel on a connection of its own, until it is disposed. A lost connection is opened again, so that
 * notifications are late or lost only while the database is away. Behind a transaction pooler none arrive at all: look
 * for what they tell of now and then.
 */
export function listen({ url, channel, onNotification, onListening, log }: ListenOptions): AsyncDisposable {
  const driver = openDriver(currentValue(url), 1);
  // The library tries again after each connection that closes, also one that could not be opened.
  driver.sql.listen(channel, onNotification, onListening).catch((err: unknown) => {
    log.warn({ err, channel }, "cannot listen; trying again");
  });
  return { [Symbol.asyncDispose]: () => closeDriver(driver) };
}
