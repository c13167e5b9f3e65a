import type { Server } from "@grpc/grpc-js";
import {
  addUnaryService,
  authInterceptor,
  callUnary,
  createGrpcClient,
  createGrpcServer,
  type GrpcClient,
} from "@rocket/platform/grpc";
import { createAuthorize, createSessionVerifier } from "@rocket/platform/auth";
import { createLogger, type Logger } from "@rocket/platform/log";
import { Container } from "@rocket/platform/service";
import { AuthServiceClient } from "@rocket/proto/iam";
import { type PaymentServiceServer, PaymentServiceService } from "@rocket/proto/payment";
import { createPaymentApi } from "./api/payment.ts";
import { createStandInProvider, type Provider } from "./client/provider.ts";
import type { PaymentConfig } from "./config.ts";
import { dieOnceAnswered, withFault } from "./fault.ts";
import { createPayOrder, type PayOrder } from "./service/pay_order.ts";

/** Builds payment's parts, each when it is first asked for, and closes them in reverse order. */
export class PaymentContainer extends Container {
  readonly log: Logger;

  constructor(readonly config: PaymentConfig) {
    super();
    this.log = createLogger({ service: "payment", level: config.logLevel, format: config.logFormat });
  }

  #iam?: GrpcClient<AuthServiceClient>;
  get iam(): AuthServiceClient {
    this.#iam ??= this.own(createGrpcClient(AuthServiceClient, this.config.iamTarget));
    return this.#iam.stub;
  }

  get provider(): Provider {
    return createStandInProvider();
  }

  get payOrder(): PayOrder {
    return createPayOrder({ provider: this.provider, log: this.log });
  }

  #server?: Server;
  get server(): Server {
    return this.#server ??= this.#createServer();
  }

  #createServer(): Server {
    const { log, config: { serviceToken, fault } } = this;
    const auth = authInterceptor({
      authorize: createAuthorize({
        verify: createSessionVerifier({
          whoami: (request) => callUnary("iam", this.iam.whoami.bind(this.iam), request),
        }),
        serviceToken,
      }),
      access: { [PaymentServiceService.payOrder.path]: "session or service" },
      log,
    });
    const server = createGrpcServer({ log, interceptors: [auth] });
    const payOrder = withFault(fault, this.payOrder, () => dieOnceAnswered(server, log));
    const api = createPaymentApi(payOrder);
    addUnaryService<PaymentServiceServer>(server, PaymentServiceService, api, log);
    return server;
  }
}
