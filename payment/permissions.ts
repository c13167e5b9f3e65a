import { type Needs, printDenoFlags } from "@rocket/platform/config";
import { PAYMENT_VARIABLES, type PaymentConfig } from "./config.ts";

/** What payment needs of the machine. */
export function paymentNeeds(config: PaymentConfig): Needs {
  return {
    listen: [{ host: config.grpcHost, port: config.grpcPort }],
    dial: [config.iamTarget],
    environment: Object.values(PAYMENT_VARIABLES).map(({ name }) => name),
    read: [],
  };
}

if (import.meta.main) printDenoFlags(PAYMENT_VARIABLES, paymentNeeds);
