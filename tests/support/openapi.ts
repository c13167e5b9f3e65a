import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { parse } from "yaml";
import type { Schema } from "./schema_arbitrary.ts";

/** A value in a document, or a reference to it. */
type MaybeRef<T> = T | { readonly $ref: string };

interface ResponseObject {
  readonly headers?: Readonly<Record<string, MaybeRef<{ readonly required?: boolean }>>>;
  readonly content?: Readonly<Record<string, unknown>>;
}

interface OperationObject {
  readonly operationId: string;
  readonly parameters?: readonly MaybeRef<Parameter>[];
  readonly security?: readonly unknown[];
  readonly requestBody?: MaybeRef<{ readonly content: { readonly "application/json": { schema: Schema } } }>;
  readonly responses: Readonly<Record<string, MaybeRef<ResponseObject>>>;
}

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
}

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly schema: Schema;
}

/** An operation as a document describes it. */
export interface Operation {
  readonly id: string;
  /** In capital letters. */
  readonly method: string;
  /** The path, with its parameters in braces. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** The schema of its JSON body; `undefined` if it has none. */
  readonly body: Schema | undefined;
  /** Every status that it may return. */
  readonly statuses: readonly number[];
  /** Whether it takes no session. */
  readonly isOpen: boolean;
}

/** An OpenAPI document to check responses against. */
export class Contract {
  readonly #document: OpenApiDocument;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: OpenApiDocument) {
    this.#document = document;
    this.#ajv.addSchema(document, "doc");
  }

  /** Every operation of the document. */
  get operations(): readonly Operation[] {
    return this.#entries().map(({ path, method, operation }) => {
      const { parameters = [], requestBody } = operation;
      return {
        id: operation.operationId,
        method: method.toUpperCase(),
        path,
        parameters: parameters.map((parameter) => this.#resolve(parameter)),
        body: requestBody && this.#resolve(requestBody).content["application/json"].schema,
        statuses: Object.keys(operation.responses).map(Number),
        isOpen: operation.security?.length === 0,
      };
    });
  }

  /**
   * Checks a response's media type, body and headers against the document's for its operation and status.
   *
   * @returns One message for each violation of the contract.
   */
  async violations(operationId: string, response: Response): Promise<readonly string[]> {
    const entry = this.#entries().find(({ operation }) => operation.operationId === operationId);
    const documented = entry?.operation.responses[response.status];
    const text = await response.text();
    if (entry === undefined || documented === undefined) {
      return [`${response.status} is not documented: ${text}`];
    }
    const pointer = "$ref" in documented
      ? documented.$ref
      : `#/paths/${escapePointer(entry.path)}/${entry.method}/responses/${response.status}`;
    return [
      ...this.#bodyViolations(pointer, response, text),
      ...this.#headerViolations(pointer, response.headers),
    ];
  }

  /** The schema at a reference within the document. */
  schemaAt(ref: string): Schema {
    return this.#lookUp<Schema>(ref);
  }

  #entries() {
    return Object.entries(this.#document.paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([, operation]) => operation.operationId !== undefined)
        .map(([method, operation]) => ({ path, method, operation }))
    );
  }

  #bodyViolations(pointer: string, response: Response, text: string): readonly string[] {
    const { content } = this.#lookUp<ResponseObject>(pointer);
    if (content === undefined) return text === "" ? [] : [`a body, but none is documented: ${text}`];
    const mediaType = response.headers.get("Content-Type")?.split(";")[0] ?? "none";
    if (!(mediaType in content)) return [`${mediaType} is not a documented media type`];
    const validate = this.#validator(`${pointer}/content/${escapePointer(mediaType)}/schema`);
    return validate(mediaType === "application/json" ? JSON.parse(text) : text)
      ? []
      : [`${this.#ajv.errorsText(validate.errors)}: ${text}`];
  }

  #headerViolations(pointer: string, sent: Headers): readonly string[] {
    const { headers = {} } = this.#lookUp<ResponseObject>(pointer);
    return Object.entries(headers).flatMap(([name, header]) => {
      const headerPointer = "$ref" in header ? header.$ref : `${pointer}/headers/${name}`;
      const value = sent.get(name);
      if (value === null) {
        return this.#lookUp<{ required?: boolean }>(headerPointer).required ? [`no ${name}`] : [];
      }
      const validate = this.#validator(`${headerPointer}/schema`);
      // A header is text on the wire, but may be documented as a number.
      return validate(value) || validate(Number(value)) ? [] : [`${name}: ${value}`];
    });
  }

  #resolve<T extends object>(value: MaybeRef<T>): T {
    return "$ref" in value ? this.#lookUp<T>(value.$ref) : value;
  }

  #validator(pointer: string): ValidateFunction {
    const cached = this.#validators.get(pointer);
    if (cached !== undefined) return cached;
    const validator = this.#ajv.compile({ $ref: `doc${pointer}` });
    this.#validators.set(pointer, validator);
    return validator;
  }

  #lookUp<T>(pointer: string): T {
    let found: unknown = this.#document;
    for (const key of pointer.slice(2).split("/").map(unescapePointer)) {
      if (typeof found !== "object" || found === null || !(key in found)) {
        throw new TypeError(`${pointer} does not exist`);
      }
      found = found[key as keyof typeof found];
    }
    // The linter has checked the document against OpenAPI's own schema, so the value has the type that the caller expects.
    return found as T;
  }
}

/** Reads the document of a service's HTTP API. */
export async function readHttpContract(service: "iam" | "order"): Promise<Contract> {
  const path = `../../proto/${service}/v1/${service}.openapi.yaml`;
  return new Contract(parse(await Deno.readTextFile(new URL(path, import.meta.url))));
}

/** Escapes a key in a JSON Pointer in a URI fragment (RFC 6901, sections 3 and 6). */
function escapePointer(key: string): string {
  return encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"));
}

function unescapePointer(key: string): string {
  return decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~");
}
