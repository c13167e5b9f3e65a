import { fromJson, type JsonObject, toBinary } from "@bufbuild/protobuf";
import { SEED_PARTS } from "@rocket/inventory/seed";
import { goodRequests, type GoodSubjects } from "./good_requests.ts";
import { type ContractMethod, readGrpcContract } from "./grpc_contract.ts";
import { frameOf } from "./grpc_frame.ts";
import { GrpcWire, type RawAnswer, type WireCall } from "./grpc_wire.ts";
import { join } from "./person.ts";
import { startSystem, type System } from "./system.ts";

/** How a request differs from one that is answered OK. */
export interface Changes {
  /** Fields in the place of those of the good message, or bytes in the place of all. */
  readonly message?: JsonObject | Uint8Array;
  /** In the place of the good request's. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The whole system, running, with a person who is logged in and parts on the shelf. */
export interface GrpcStage extends GoodSubjects, AsyncDisposable {
  readonly system: System;
  /** Every method that the running services describe. */
  readonly methods: readonly ContractMethod[];
  /** The bytes of a message that the method answers OK, and the metadata to send with it. */
  good(method: ContractMethod, changes?: Changes): { readonly bytes: Uint8Array; readonly metadata: Sent };
  /** Calls a method, by its `package.Service/Method`, for what is answered OK but for the changes. */
  ask(name: string, changes?: Changes): Promise<RawAnswer>;
  /** Makes a call as it is. */
  askRaw(method: ContractMethod, call: Omit<WireCall, "path">): Promise<RawAnswer>;
}

/** gRPC metadata by key. */
type Sent = Readonly<Record<string, string>>;

/** Starts everything, and asks the services what they are. */
export async function startGrpcStage(env: Readonly<Record<string, string>> = {}): Promise<GrpcStage> {
  await using starting = new AsyncDisposableStack();
  const system = starting.use(await startSystem({ env }));
  await system.seedParts();
  const subjects = { person: await join(system), partUuid: SEED_PARTS[0]?.uuid ?? "" };
  const requests = goodRequests(subjects);
  const methods = await readGrpcContract(system.grpcTargets);
  const wires = new Map(system.grpcTargets.map((target) => [target, starting.use(new GrpcWire(target))]));

  const good: GrpcStage["good"] = ({ name, input }, changes = {}) => {
    const request = requests[name]?.();
    if (request === undefined) {
      throw new TypeError(`${name} has no request: add one to tests/support/good_requests.ts`);
    }
    const { message, metadata = request.metadata } = changes;
    if (message instanceof Uint8Array) return { bytes: message, metadata };
    return { bytes: toBinary(input, fromJson(input, { ...request.message, ...message })), metadata };
  };
  const askRaw: GrpcStage["askRaw"] = async ({ path, target }, call) => {
    const wire = wires.get(target);
    if (wire === undefined) throw new TypeError(`nothing was started at ${target}`);
    return await wire.ask({ path, ...call });
  };
  const ask: GrpcStage["ask"] = async (name, changes) => {
    const method = methods.find((method) => method.name === name);
    if (method === undefined) throw new TypeError(`no running service describes ${name}`);
    const { bytes, metadata } = good(method, changes);
    return await askRaw(method, { headers: metadata, body: frameOf(bytes) });
  };

  const owned = starting.move();
  return {
    system,
    ...subjects,
    methods,
    good,
    ask,
    askRaw,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
