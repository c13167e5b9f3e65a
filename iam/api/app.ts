import { type ApiOptions, createApi } from "@rocket/platform/http";
import { eventsDocument } from "@rocket/proto/events";
import { iamDocument } from "@rocket/proto/iam";
import { createHttpApi, type IamUseCases } from "./http.ts";

/** Dependencies of the app. */
export interface IamAppParts extends Omit<ApiOptions, "document" | "events"> {
  readonly useCases: IamUseCases;
}

/** The app, whose type has its routes. */
export type IamApp = ReturnType<typeof createIamApp>;

/** Creates the app of IAM's HTTP door. */
export function createIamApp({ useCases, ...parts }: IamAppParts) {
  return createApi({ ...parts, document: iamDocument, events: eventsDocument }).route(
    "/api/v1/iam",
    createHttpApi(useCases),
  );
}
