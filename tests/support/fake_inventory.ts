import { type Metadata, type sendUnaryData, type ServerUnaryCall, status } from "@grpc/grpc-js";
import {
  type InventoryServiceServer,
  InventoryServiceService,
  type ListPartsRequest,
  type ListPartsResponse,
  Part,
} from "@rocket/proto";
import { FakeGrpcServer } from "./fake_grpc_server.ts";

/** One `ListParts` as it arrived. */
export interface ListPartsCall {
  readonly request: ListPartsRequest;
  readonly metadata: Metadata;
  /** What the caller left for an answer, in milliseconds; `Infinity` where it set no deadline. */
  readonly withinMs: number;
}

type Answer = sendUnaryData<ListPartsResponse>;

/** Starts a stand-in for inventory that has the parts it was told. */
export async function startFakeInventory(): Promise<FakeInventory> {
  const inventory = new FakeInventory();
  await inventory.start();
  return inventory;
}

/** An inventory that only answers `ListParts`, or does not, as it is told. */
export class FakeInventory extends FakeGrpcServer {
  /** Every `ListParts` until now. */
  readonly calls: ListPartsCall[] = [];
  readonly #parts = new Map<string, Part>();
  #answer = (request: ListPartsRequest, answer: Answer) => answer(null, { parts: this.#find(request) });

  constructor() {
    super((server) => {
      const implementation: InventoryServiceServer = {
        getPart: (_, callback) => callback({ code: status.UNIMPLEMENTED }),
        listParts: (call, callback) => this.#listParts(call, callback),
        reserveParts: (_, callback) => callback({ code: status.UNIMPLEMENTED }),
        commitParts: (_, callback) => callback({ code: status.UNIMPLEMENTED }),
        releaseParts: (_, callback) => callback({ code: status.UNIMPLEMENTED }),
      };
      server.addService(InventoryServiceService, implementation);
    });
  }

  /** Puts a part on the shelf. */
  add({ price = 1, stockQuantity = 1_000 }: Partial<Pick<Part, "price" | "stockQuantity">> = {}): Part {
    const part = Part.create({ uuid: crypto.randomUUID(), price, stockQuantity });
    this.#parts.set(part.uuid, part);
    return part;
  }

  /** A part on the shelf. */
  part(uuid: string): Part {
    const part = this.#parts.get(uuid);
    if (part === undefined) throw new TypeError(`no part ${uuid} has been added`);
    return part;
  }

  /** Answers otherwise while the work lasts; an answer that does nothing keeps the caller waiting. */
  async answering<T>(answer: (answer: Answer) => void, work: () => Promise<T>): Promise<T> {
    const usual = this.#answer;
    this.#answer = (_, callback) => answer(callback);
    try {
      return await work();
    } finally {
      this.#answer = usual;
    }
  }

  #listParts(call: ServerUnaryCall<ListPartsRequest, ListPartsResponse>, callback: Answer): void {
    const { request, metadata } = call;
    this.calls.push({ request, metadata, withinMs: Number(call.getDeadline()) - Date.now() });
    this.#answer(request, callback);
  }

  #find({ filter }: ListPartsRequest): Part[] {
    return (filter?.uuids ?? []).flatMap((uuid) => this.#parts.get(uuid) ?? []);
  }
}
