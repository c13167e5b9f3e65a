/** The operations that can be asked for by an idempotency key, as the contract names them. */
export type KeyedOperation = "createOrder" | "payOrder";

/** An idempotency key: its user's own, for one operation. */
export interface RequestKey {
  readonly userUuid: string;
  readonly operation: KeyedOperation;
  readonly key: string;
}

/** The right to work on the answer to a key, for as long as its lease runs. */
export interface Claim extends RequestKey {
  /** Tells this claim from any other on the same key. */
  readonly claim: string;
  /** Whether the same request was made before under this key, and ended without an answer that says how. */
  readonly isRepeat: boolean;
}

/** An answer as it was first given. */
export interface KeptAnswer {
  readonly status: number;
  /** JSON, to the byte. */
  readonly body: string;
}

/** A claim, and the answer that goes with what is done under it. */
export interface ClaimedAnswer {
  readonly claim: Claim;
  readonly answer: KeptAnswer;
}
