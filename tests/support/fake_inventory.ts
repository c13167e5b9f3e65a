import { Metadata, type sendUnaryData, type ServerUnaryCall, status, type StatusObject } from "@grpc/grpc-js";
import {
  type CommitPartsRequest,
  type CommitPartsResponse,
  InventoryService,
  type ListPartsRequest,
  type ListPartsResponse,
  Part,
  type PartQuantity,
  type ReleasePartsRequest,
  type ReleasePartsResponse,
  type ReservePartsRequest,
  type ReservePartsResponse,
} from "@rocket/proto/inventory";
import { Any, ErrorInfo, RpcStatus } from "@rocket/proto/rpc";
import type { InventoryServiceServer } from "@rocket/proto/inventory";
import { FakeGrpcServer } from "@rocket/platform/testing/fake-grpc-server";

/** A received `ListParts` call. */
export interface ListPartsCall {
  readonly request: ListPartsRequest;
  readonly metadata: Metadata;
  /** The time left until the caller's deadline, in milliseconds; `Infinity` if it set none. */
  readonly withinMs: number;
}

type Answer = sendUnaryData<ListPartsResponse>;

/** Starts a stand-in for inventory with the parts that a test adds. */
export async function startFakeInventory(): Promise<FakeInventory> {
  const inventory = new FakeInventory();
  await inventory.start();
  return inventory;
}

/** An inventory that lists and reserves parts in memory; tests can replace or withhold its responses. */
export class FakeInventory extends FakeGrpcServer {
  /** Every `ListParts` call so far. */
  readonly calls: ListPartsCall[] = [];
  /** Every reservation that is neither sold nor released, by order. */
  readonly reserved = new Map<string, readonly PartQuantity[]>();
  /** How long each `ReserveParts` call so far asked for, by order, in seconds. */
  readonly reservedSeconds = new Map<string, readonly number[]>();
  /** The orders whose pieces are sold. */
  readonly sold = new Set<string>();
  readonly #parts = new Map<string, Part>();
  #answer = (request: ListPartsRequest, answer: Answer) => answer(null, { parts: this.#find(request) });

  #ignoresRelease = false;
  #hold: (request: ReservePartsRequest) => Promise<unknown> = () => Promise.resolve();

  constructor() {
    super((server) => {
      const implementation: InventoryServiceServer = {
        getPart: (_, callback) => callback({ code: status.UNIMPLEMENTED }),
        listParts: (call, callback) => this.#listParts(call, callback),
        reserveParts: ({ request }, callback) => {
          this.#hold(request).then(
            () => this.#reserveParts(request, callback),
            () => callback({ code: status.UNKNOWN }),
          );
        },
        commitParts: ({ request }, callback) => this.#commitParts(request, callback),
        releaseParts: ({ request }, callback) => {
          if (!this.#ignoresRelease) this.#releaseParts(request, callback);
        },
      };
      server.addService(InventoryService, implementation);
    });
  }

  /** Adds a part. */
  add({ price = 1, stockQuantity = 1_000 }: Partial<Pick<Part, "price" | "stockQuantity">> = {}): Part {
    const part = Part.create({ uuid: crypto.randomUUID(), price, stockQuantity });
    this.#parts.set(part.uuid, part);
    return part;
  }

  /** A part that was added. */
  part(uuid: string): Part {
    const part = this.#parts.get(uuid);
    if (part === undefined) throw new TypeError(`no part ${uuid} has been added`);
    return part;
  }

  /** While the work runs, responds as given; a function that does nothing keeps the caller waiting. */
  async withAnswer<T>(answer: (answer: Answer) => void, work: () => Promise<T>): Promise<T> {
    const original = this.#answer;
    this.#answer = (_, callback) => answer(callback);
    try {
      return await work();
    } finally {
      this.#answer = original;
    }
  }

  /** Does not answer `ReleaseParts` while the work lasts. */
  async withReleaseUnanswered<T>(work: () => Promise<T>): Promise<T> {
    this.#ignoresRelease = true;
    try {
      return await work();
    } finally {
      this.#ignoresRelease = false;
    }
  }

  /** While the work runs, handles `ReserveParts` only after `meanwhile` has completed. */
  async withReserveDelayed<T>(
    work: () => Promise<T>,
    meanwhile: (request: ReservePartsRequest) => Promise<unknown>,
  ): Promise<T> {
    this.#hold = meanwhile;
    try {
      return await work();
    } finally {
      this.#hold = () => Promise.resolve();
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

  #reserveParts(
    { orderUuid, items, ttl }: ReservePartsRequest,
    callback: sendUnaryData<ReservePartsResponse>,
  ): void {
    const before = this.reservedSeconds.get(orderUuid) ?? [];
    this.reservedSeconds.set(orderUuid, [...before, ttl?.seconds ?? NaN]);
    if (!this.reserved.has(orderUuid) && !this.sold.has(orderUuid)) {
      const unknown = items.find(({ partUuid }) => !this.#parts.has(partUuid));
      if (unknown !== undefined) {
        return callback({ code: status.NOT_FOUND, details: `part ${unknown.partUuid} does not exist` });
      }
      const short = items.filter(({ partUuid, quantity }) => this.part(partUuid).stockQuantity < quantity);
      if (short.length > 0) return callback(insufficientStock(short));
      for (const item of items) this.#addStock(item, -item.quantity);
      this.reserved.set(orderUuid, items);
    }
    callback(null, { expiresAt: undefined });
  }

  #commitParts({ orderUuid }: CommitPartsRequest, callback: sendUnaryData<CommitPartsResponse>): void {
    if (!this.reserved.delete(orderUuid) && !this.sold.has(orderUuid)) {
      return callback({ code: status.NOT_FOUND, details: `no pieces are reserved for order ${orderUuid}` });
    }
    this.sold.add(orderUuid);
    callback(null, {});
  }

  #releaseParts({ orderUuid }: ReleasePartsRequest, callback: sendUnaryData<ReleasePartsResponse>): void {
    for (const item of this.reserved.get(orderUuid) ?? []) this.#addStock(item, item.quantity);
    this.reserved.delete(orderUuid);
    callback(null, {});
  }

  #addStock({ partUuid }: PartQuantity, pieces: number): void {
    const part = this.part(partUuid);
    this.#parts.set(partUuid, { ...part, stockQuantity: part.stockQuantity + pieces });
  }
}

/** The error that inventory's contract defines. */
function insufficientStock(short: readonly PartQuantity[]): Partial<StatusObject> {
  const details = short.map(({ partUuid }) => `part ${partUuid} has too little stock`).join("; ");
  const info = ErrorInfo.create({ reason: "STOCK_TOO_LITTLE", domain: "rocket-factory" });
  const metadata = new Metadata();
  const any = Any.create({
    typeUrl: "type.googleapis.com/google.rpc.ErrorInfo",
    value: Buffer.from(ErrorInfo.encode(info).finish()),
  });
  const encoded = RpcStatus.encode({ code: status.FAILED_PRECONDITION, message: details, details: [any] })
    .finish();
  metadata.set("grpc-status-details-bin", Buffer.from(encoded));
  return { code: status.FAILED_PRECONDITION, details, metadata };
}
