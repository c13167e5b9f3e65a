/** The payment methods. */
export const PAYMENT_METHODS = ["CARD", "SBP", "CREDIT_CARD", "INVESTOR_MONEY"] as const;

/** A payment method. */
export type PaymentMethod = typeof PAYMENT_METHODS[number];

/** The payment of an order. All identifiers are UUIDs in canonical, lower-case form. */
export interface Payment {
  readonly orderUuid: string;
  readonly userUuid: string;
  readonly method: PaymentMethod;
}
