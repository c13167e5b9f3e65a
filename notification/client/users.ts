import { Metadata } from "@grpc/grpc-js";
import { addServiceToken, type ServiceToken } from "@rocket/platform/auth";
import type { Secret } from "@rocket/platform/config";
import { RemoteFailure, type RpcClient } from "@rocket/platform/grpc";
import type { UserService } from "@rocket/proto/iam";
import { CHANNELS, type Recipient } from "../model/message.ts";

/** The users that IAM knows. */
export interface Users {
  /**
   * Asks IAM, as a service, where a user is reached.
   *
   * @returns `undefined` if the account does not exist any more.
   * @throws {Unavailable | DeadlineExceeded} if IAM does not answer.
   */
  find(userUuid: string): Promise<Recipient | undefined>;
}

/** Creates the client. */
export function createUsers(rpc: RpcClient<UserService>, token: Secret<ServiceToken>): Users {
  return {
    async find(userUuid) {
      try {
        const { user } = await rpc.getUser({ userUuid }, addServiceToken(new Metadata(), token));
        const { login = "", email = "", notificationMethods = [] } = user?.info ?? {};
        const addresses = notificationMethods.flatMap(({ providerName, target }) => {
          const channel = CHANNELS.find((one) => one === providerName.toLowerCase());
          return channel === undefined ? [] : [{ channel, target }];
        });
        return { login, email, addresses };
      } catch (error) {
        if (error instanceof RemoteFailure && error.code === "NOT_FOUND") return undefined;
        throw error;
      }
    },
  };
}
