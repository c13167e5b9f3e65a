import type { Part } from "@rocket/proto/inventory";
import { fromJson, type JsonObject, toBinary } from "@bufbuild/protobuf";
import { answerOf } from "@rocket/platform/testing/raw-client";
import { setStock } from "./consistency.ts";
import { goodRequests, type GoodSubjects } from "./good_requests.ts";
import { type ContractMethod, readGrpcContract } from "./grpc_contract.ts";
import { frameOf } from "./grpc_frame.ts";
import { GrpcWire, type RawAnswer, type WireCall } from "./grpc_wire.ts";
import { issueToken } from "./mailed_token.ts";
import { plentifulParts } from "./parts.ts";
import { registerAndLogIn } from "./person.ts";
import { startSystem, type System } from "./system.ts";

/** The most pieces of a part that one order may contain. */
export const MAX_PIECES = 100;

/** gRPC metadata by key. */
type GrpcMetadata = Readonly<Record<string, string>>;

/** How a request differs from one that succeeds. */
export interface Changes {
  /** Fields that replace those of the good message, or bytes that replace all of it. */
  readonly message?: JsonObject | Uint8Array;
  /** Replaces the good request's metadata. */
  readonly metadata?: GrpcMetadata;
}

/** The whole running system, with a logged-in person and parts in stock. */
export interface GrpcStage extends GoodSubjects, AsyncDisposable {
  readonly system: System;
  /** A part with less stock than one order may ask for. */
  readonly scarcePart: Part;
  /** Every method that the running services describe. */
  readonly methods: readonly ContractMethod[];
  /** A method by its name, `package.Service/Method`. */
  method(name: string): ContractMethod;
  /** A request that succeeds, but for the changes: the bytes of its message, and its metadata. */
  good(
    name: string,
    changes?: Changes,
  ): Promise<{ readonly bytes: Uint8Array; readonly metadata: GrpcMetadata }>;
  /** Calls the method with a request that succeeds, but for the changes. */
  ask(name: string, changes?: Changes): Promise<RawAnswer>;
  /** Calls the method with exactly this request. */
  askRaw(name: string, call: Omit<WireCall, "path">): Promise<RawAnswer>;
}

/**
 * Starts the whole system, and reads the contracts of its gRPC services by reflection.
 *
 * @throws {TypeError} if a service describes a method that has no good request, naming the file to add it to.
 */
export async function startGrpcStage(env: Readonly<Record<string, string>> = {}): Promise<GrpcStage> {
  await using starting = new AsyncDisposableStack();
  const system = starting.use(await startSystem({ env }));
  await system.seedParts();
  const newcomer = () => registerAndLogIn(system);
  const [person, visitor] = [await newcomer(), await newcomer()];
  const plenty = await setStock(system, 1_000_000);
  const parts = await plentifulParts(system, person.sessionUuid);
  const part = parts.find(({ uuid }) => uuid === plenty);
  const scarcePart = parts.find(({ stockQuantity }) => stockQuantity < MAX_PIECES);
  if (part === undefined || scarcePart === undefined) {
    throw new TypeError("the seed lacks a plentiful or a scarce part");
  }
  const serviceToken = system.variable("SERVICE_TOKEN");
  const soldOrderUuid = await sellPiece(system, part.uuid);
  const subjects: GoodSubjects = {
    person,
    visitor,
    newcomer,
    mailedToken: (userUuid, purpose) => issueToken(system, userUuid, purpose),
    part,
    serviceToken,
    soldOrderUuid,
  };
  const requests = goodRequests(subjects);
  const wires = new Map(system.grpcTargets.map((target) => [target, starting.use(new GrpcWire(target))]));
  const methods = await readGrpcContract(system.grpcTargets);
  const known = new Map(methods.map((method) => {
    const [request, wire] = [requests[method.name], wires.get(method.target)];
    if (request === undefined || wire === undefined) {
      throw new TypeError(`${method.name} has no good request: add one to tests/support/good_requests.ts`);
    }
    return [method.name, { method, request, wire }];
  }));
  const lookUp = (name: string) => {
    const found = known.get(name);
    if (found === undefined) throw new TypeError(`no running service describes ${name}`);
    return found;
  };

  const good: GrpcStage["good"] = async (name, changes = {}) => {
    const { method: { input }, request } = lookUp(name);
    const isReplaced = changes.message !== undefined && changes.metadata !== undefined;
    const unchanged = isReplaced ? { message: {}, metadata: {} } : await request();
    const { message, metadata = unchanged.metadata } = changes;
    if (message instanceof Uint8Array) return { bytes: message, metadata };
    return { bytes: toBinary(input, fromJson(input, { ...unchanged.message, ...message })), metadata };
  };
  const askRaw: GrpcStage["askRaw"] = async (name, call) => {
    const { method: { path }, wire } = lookUp(name);
    return await wire.ask({ path, ...call });
  };
  const ask: GrpcStage["ask"] = async (name, changes) => {
    const { bytes, metadata } = await good(name, changes);
    return await askRaw(name, { headers: metadata, body: frameOf(bytes) });
  };

  const owned = starting.move();
  return {
    system,
    ...subjects,
    scarcePart,
    methods,
    method: (name) => lookUp(name).method,
    good,
    ask,
    askRaw,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Reserves a piece for an order and sells it. @returns The order's UUID. */
async function sellPiece(system: System, partUuid: string): Promise<string> {
  const orderUuid = crypto.randomUUID();
  const { inventory } = system;
  const metadata = { "service-token": system.variable("SERVICE_TOKEN") };
  const items = [{ partUuid, quantity: 1 }];
  const ttl = { seconds: 60, nanos: 0 };
  await answerOf(inventory.reserveParts({ orderUuid, items, ttl }, metadata));
  await answerOf(inventory.commitParts({ orderUuid }, metadata));
  return orderUuid;
}
