import type { TestProcess } from "./process.ts";

/** One charge, as payment logged it. */
export interface Charge {
  readonly orderUuid: string;
  readonly transactionUuid: string;
  /** Without its prefix, e.g. `CARD`. */
  readonly method: string;
  readonly caller: "session" | "service";
}

/** The charges that a process of payment has logged until now, the oldest first. */
export function chargesIn({ output }: Pick<TestProcess, "output">): readonly Charge[] {
  return output.filter((line) => line.includes('"msg":"order charged"')).map((line) => {
    const { order_uuid, transaction_uuid, payment_method, called_by } = JSON.parse(line);
    return {
      orderUuid: order_uuid,
      transactionUuid: transaction_uuid,
      method: payment_method,
      caller: called_by,
    };
  });
}
