import {
  type Client,
  type ClientDuplexStream,
  type handleBidiStreamingCall,
  makeClientConstructor,
  type ServiceDefinition,
  status as Code,
} from "@grpc/grpc-js";
import type { ClientClass } from "./grpc_peer.ts";

/** A service with one bidirectional method that exchanges raw bytes; an empty message can't be decoded. */
export const toyService: ServiceDefinition = {
  talk: {
    path: "/toy.v1.Toy/Talk",
    requestStream: true,
    responseStream: true,
    requestSerialize: (bytes: Buffer) => bytes,
    requestDeserialize(bytes: Buffer) {
      if (bytes.length === 0) throw new Error("empty");
      return bytes;
    },
    responseSerialize: (bytes: Buffer) => bytes,
    responseDeserialize: (bytes: Buffer) => bytes,
  },
};

/** Handles `talk` as libraries do: answers every message immediately, without waiting for the client to read. */
export const answerAtOnce: handleBidiStreamingCall<Buffer, Buffer> = (stream) => {
  stream.on("end", () => stream.end());
  stream.on("data", (bytes) => stream.write(bytes));
};

/** A client of the toy service. */
export interface ToyClient extends Client {
  talk(): ClientDuplexStream<Buffer, Buffer>;
}

// grpc-js builds the client from the definition above.
export const ToyClient = makeClientConstructor(toyService, "toy.v1.Toy") as unknown as ClientClass<
  ToyClient
>;

/** How a stream ended, and how many answers it brought. */
export interface Ending {
  readonly code: string | undefined;
  readonly details: string;
  readonly answers: number;
}

/** Reads a stream to its end. */
export function readToEnd(stream: ClientDuplexStream<Buffer, Buffer>): Promise<Ending> {
  const { promise, resolve } = Promise.withResolvers<Ending>();
  let answers = 0;
  stream.on("data", () => answers++);
  // An error is emitted together with the status, which has the same content.
  stream.on("error", () => {});
  stream.on("status", ({ code, details }) => resolve({ code: Code[code], details, answers }));
  return promise;
}
