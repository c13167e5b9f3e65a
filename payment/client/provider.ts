import { v5 } from "uuid";
import type { Payment } from "../model/payment.ts";

/** A payment provider. */
export interface Provider {
  /**
   * Charges for an order. Repeated calls for the same order, by any payer and method, charge nothing and return the first
   * transaction.
   *
   * @returns The transaction's UUID.
   */
  charge(payment: Payment): Promise<string>;
}

/** The namespace of transaction UUIDs. It must not change: paid orders would get a second transaction. */
const TRANSACTIONS = "dd0461d0-d118-4553-9c3a-e1a2159c77f3";

/**
 * Creates a stand-in for a provider, which moves no money. It stores nothing: it derives a transaction's UUID from the
 * order's (version 5, RFC 9562, section 5.5), so that it is the same after a restart and on every replica.
 */
export function createStandInProvider(): Provider {
  return { charge: ({ orderUuid }) => Promise.resolve(v5(orderUuid, TRANSACTIONS)) };
}
