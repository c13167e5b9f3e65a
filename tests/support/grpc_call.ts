import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import type { UnaryMethod } from "@rocket/platform/grpc";

/** How long a test waits for an answer, in milliseconds. */
const DEADLINE_MS = 15_000;

/** Calls a method as any gRPC client would, with the metadata given and nothing of the platform's in between. */
export function call<Request, Response>(
  method: UnaryMethod<Request, Response>,
  request: Request,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const sent = new Metadata();
  for (const [key, value] of Object.entries(metadata)) sent.set(key, value);
  return new Promise((resolve, reject) => {
    method(request, sent, { deadline: Date.now() + DEADLINE_MS }, (error, response) => {
      if (error === null) resolve(response);
      else reject(error);
    });
  });
}

/** The name of the status a call ends with, e.g. `UNAUTHENTICATED`. */
export async function statusOf(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
    return "OK";
  } catch (error) {
    return status[asServiceError(error).code] ?? "an unknown status";
  }
}

/** The error a call ends with. */
export async function errorOf(answer: Promise<unknown>): Promise<ServiceError> {
  try {
    await answer;
  } catch (error) {
    return asServiceError(error);
  }
  throw new Error("the call succeeded");
}

function asServiceError(error: unknown): ServiceError {
  if (error instanceof Error && "code" in error && "metadata" in error) {
    // grpc-js gives calls no other errors; it exports no class to tell them by.
    return error as ServiceError;
  }
  throw error;
}
