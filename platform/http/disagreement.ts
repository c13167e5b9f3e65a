import type { Hono } from "hono";
import type { Endpoint, ExtractSchema } from "hono/types";

/**
 * Where an app and its OpenAPI document do not say the same, in words such as
 * `POST /api/v1/orders 409: in the document alone`; `never` where they agree.
 *
 * Compared are the operations themselves, and of each its JSON body, path and query parameters, and every status
 * with the body of its answers; headers where the handlers read them, as others are the middlewares' own affair.
 *
 * @template App The app's type, its routes in it.
 * @template Paths The document's `paths`, as `openapi-typescript` types them.
 */
export type Disagreement<App, Paths> = Difference<HandledFacts<SchemaOf<App>>, DocumentedFacts<Paths>>;

/** One thing that is said of an operation: its name, and the shape of what goes over the wire. */
interface Fact<Name extends string, Shape> {
  readonly name: Name;
  readonly shape: Shape;
}

type Difference<Handled extends Fact<string, unknown>, Documented extends Fact<string, unknown>> =
  | `${Exclude<Handled["name"], Documented["name"]>}: in the handlers alone`
  | `${Exclude<Documented["name"], Handled["name"] | `${string} header`>}: in the document alone`
  | {
    [Name in Handled["name"] & Documented["name"]]: Same<
      ShapeOf<Handled, Name>,
      ShapeOf<Documented, Name>
    > extends true ? never : `${Name}: not the same in both`;
  }[Handled["name"] & Documented["name"]];

type ShapeOf<Facts extends Fact<string, unknown>, Name extends string> = Plain<
  Extract<Facts, Fact<Name, unknown>>["shape"]
>;

/** A shape without what leaves no trace on the wire: `readonly`, and how its type was put together. */
type Plain<Shape> = Shape extends readonly (infer Item)[] ? Plain<Item>[]
  : Shape extends object ? { -readonly [Key in keyof Shape]: Plain<Shape[Key]> }
  : Shape;

/** Whether two types are one. That each can be assigned to the other would not tell of an optional field more. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2) ? true : false;

/** Says nothing where there is nothing to say. */
type FactOf<Name extends string, Shape> = [Shape] extends [never] ? never : Fact<Name, Shape>;

// What the handlers say: hono's schema of an app.

type SchemaOf<App> = App extends Hono<infer _Env, infer _Schema, infer _Base> ? ExtractSchema<App> : never;

type HandledFacts<Schema> = {
  [Path in keyof Schema & string]: {
    [Method in keyof Schema[Path] & `$${string}`]: EndpointFacts<
      HandledName<Method, Path>,
      Schema[Path][Method]
    >;
  }[keyof Schema[Path] & `$${string}`];
}[keyof Schema & string];

type HandledName<Method, Path extends string> = Method extends `$${infer Verb}`
  ? `${Uppercase<Verb>} ${Templated<Path>}`
  : never;

/** Puts `{name}` for `:name`. */
type Templated<Path extends string> = Path extends `${infer Head}/:${infer Rest}`
  ? Rest extends `${infer Name}/${infer Tail}` ? `${Head}/{${Name}}${Templated<`/${Tail}`>}`
  : `${Head}/{${Rest}}`
  : Path;

type EndpointFacts<Name extends string, Of> = Of extends Endpoint
  ? HandledAnswer<Name, Of["status"], Of["output"]> | HandledInput<Name, Of["input"]>
  : never;

type HandledAnswer<Name extends string, Status, Body> = Status extends number
  ? Fact<`${Name} ${Status}`, Body>
  : never;

type HandledInput<Name extends string, Input> = {
  [Part in keyof Input & string]-?: Fact<`${Name} ${Part}`, NonNullable<Input[Part]>>;
}[keyof Input & string];

// What the document says, by its operations.

interface Operation {
  readonly parameters: { readonly path?: unknown; readonly query?: unknown; readonly header?: unknown };
  readonly requestBody?: { readonly content: { readonly "application/json": unknown } };
  readonly responses: object;
}

type DocumentedFacts<Paths> = {
  [Path in keyof Paths & string]: {
    [Method in keyof Paths[Path] & string]-?: OperationFacts<
      `${Uppercase<Method>} ${Path}`,
      Paths[Path][Method]
    >;
  }[keyof Paths[Path] & string];
}[keyof Paths & string];

type OperationFacts<Name extends string, Of> = Of extends Operation ?
    | FactOf<`${Name} json`, NonNullable<Of["requestBody"]>["content"]["application/json"]>
    | FactOf<`${Name} param`, NonNullable<Of["parameters"]["path"]>>
    | FactOf<`${Name} query`, NonNullable<Of["parameters"]["query"]>>
    | FactOf<`${Name} header`, NonNullable<Of["parameters"]["header"]>>
    | {
      [Status in keyof Of["responses"] & number]: Fact<
        `${Name} ${Status}`,
        DocumentedBody<Of["responses"][Status]>
      >;
    }[keyof Of["responses"] & number]
  : never;

type DocumentedBody<Answer> = Answer extends { readonly content: { readonly "application/json": infer Body } }
  ? Body
  : null;
