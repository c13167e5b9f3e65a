import { v5 } from "uuid";
import type { Payment } from "../model/payment.ts";

/** Whoever takes the money. */
export interface Provider {
  /**
   * Charges for an order, once: asked again for the same order, whoever pays and however, it gives the transaction
   * of the first time.
   *
   * @returns The transaction's UUID.
   */
  charge(payment: Payment): Promise<string>;
}

/** What transactions are named under. Fixed: another one would give paid orders a second transaction. */
const TRANSACTIONS = "dd0461d0-d118-4553-9c3a-e1a2159c77f3";

/**
 * Creates a stand-in for a provider, on which no money moves. It remembers nothing: a transaction's UUID follows from
 * the order's (version 5, RFC 9562, section 5.5), so it is the same after a restart and at every replica.
 */
export function createStandInProvider(): Provider {
  return { charge: ({ orderUuid }) => Promise.resolve(v5(orderUuid, TRANSACTIONS)) };
}
