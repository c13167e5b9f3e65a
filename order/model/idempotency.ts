/** The operations that accept an idempotency key, by their names in the contract. */
export type KeyedOperation = "createOrder" | "payOrder";

/** An idempotency key. Each user's keys are their own, for each operation. */
export interface RequestKey {
  readonly userUuid: string;
  readonly operation: KeyedOperation;
  readonly key: string;
}

/** The right to work on the answer for a key until its lease ends. */
export interface Claim extends RequestKey {
  /** Distinguishes this claim from others on the same key. */
  readonly claim: string;
  /** Whether the same request was made before with this key, and its outcome was never answered. */
  readonly isRepeat: boolean;
}

/** An answer as it was first sent. */
export interface KeptAnswer {
  readonly status: number;
  /** JSON, byte for byte. */
  readonly body: string;
}

/** A claim, and the answer to store with the work done under it. */
export interface ClaimedAnswer {
  readonly claim: Claim;
  readonly answer: KeptAnswer;
}
