/** How an order can be paid. */
export const PAYMENT_METHODS = ["CARD", "SBP", "CREDIT_CARD", "INVESTOR_MONEY"] as const;

/** One of the ways in which an order can be paid. */
export type PaymentMethod = typeof PAYMENT_METHODS[number];

/** What is to be paid, by whom, and how. All identifiers are UUIDs in canonical, lower-case form. */
export interface Payment {
  readonly orderUuid: string;
  readonly userUuid: string;
  readonly method: PaymentMethod;
}
