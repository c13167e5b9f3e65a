import { createAuthorize, createSessionVerifier } from "@rocket/platform/auth";
import { warnOfPlaintext } from "@rocket/platform/config";
import { authInterceptor, createClient, createGrpcDoor, rpcService } from "@rocket/platform/grpc";
import { createLogger } from "@rocket/platform/log";
import type { ServiceParts } from "@rocket/platform/service";
import { watchGrpcTls } from "@rocket/platform/tls";
import { AuthService } from "@rocket/proto/iam";
import { PaymentService } from "@rocket/proto/payment";
import { createPaymentApi } from "./api/payment.ts";
import { createStandInProvider, type Provider } from "./client/provider.ts";
import { PAYMENT_VARIABLES, type PaymentConfig } from "./config.ts";
import { dieOnceAnswered, warnOfFault, withFault } from "./fault.ts";
import { createPayOrder } from "./service/pay_order.ts";

/** Parts that a test may replace. */
export interface PaymentOverrides {
  readonly provider?: Provider;
}

/** Creates payment's parts and connects them. */
export function wirePayment(
  config: PaymentConfig,
  { provider = createStandInProvider() }: PaymentOverrides = {},
): ServiceParts {
  const owned = new AsyncDisposableStack();
  const log = createLogger({ service: "payment", level: config.logLevel, format: config.logFormat });
  warnOfPlaintext(PAYMENT_VARIABLES, config, log);
  const tls = owned.use(watchGrpcTls(config, log));
  const iam = owned.use(createClient(AuthService, "iam", config.iamTarget, tls));

  log.warn("using a stand-in for a payment provider: no money moves");
  warnOfFault(config.fault, log);
  const payOrder = withFault(
    config.fault,
    createPayOrder({ provider, log }),
    () => dieOnceAnswered(door.server, log),
  );

  const authorize = createAuthorize({
    verify: createSessionVerifier(iam),
    serviceToken: config.serviceToken,
    serviceNames: config.serviceNames,
  });
  const access = { [PaymentService.payOrder.path]: "service" } as const;
  const door = createGrpcDoor({
    log,
    host: config.grpcHost,
    port: config.grpcPort,
    tls,
    interceptors: [authInterceptor({ authorize, access, log })],
    services: [rpcService(PaymentService, createPaymentApi(payOrder))],
    reflection: config.grpcReflection === "on",
  });

  return { log, doors: [door], config, owned };
}
