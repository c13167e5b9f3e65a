import { Hono, type TypedResponse } from "hono";
import { z } from "zod";
import type { Disagreement } from "./disagreement.ts";
import type { Refusal } from "./error_answer.ts";
import { jsonBody } from "./json_body.ts";
import { headerParams, pathParams } from "./params.ts";

const Wish = z.strictObject({ name: z.string(), notes: z.array(z.string()).exactOptional() });
const WishParams = z.strictObject({ wish_uuid: z.string() });

function createApp() {
  return new Hono()
    .post("/wishes", jsonBody(Wish), async (c): Promise<TypedResponse<Granted, 201> | Refusal<409>> => {
      return await c.json({ by: c.req.valid("json").name }, 201);
    })
    .delete("/wishes/:wish_uuid/notes", pathParams(WishParams), (c) => c.body(null, 204));
}

interface Granted {
  readonly by: string | null;
}

type App = ReturnType<typeof createApp>;

interface ErrorAnswer {
  readonly content: {
    readonly "application/json": {
      readonly code: number;
      readonly message: string;
      readonly details?: readonly { readonly field: string; readonly message: string }[];
    };
  };
}

/** What no operation here has, as the generator writes it. */
interface None {
  readonly query?: never;
  readonly header?: never;
  readonly path?: never;
  readonly cookie?: never;
}

interface MakeWish {
  readonly parameters: None;
  readonly requestBody: {
    readonly content: {
      readonly "application/json": { readonly name: string; readonly notes?: readonly string[] };
    };
  };
  readonly responses: {
    readonly 201: { readonly content: { readonly "application/json": { readonly by: string | null } } };
    readonly 400: ErrorAnswer;
    readonly 409: ErrorAnswer;
    readonly 415: ErrorAnswer;
  };
}

interface DropNotes {
  readonly parameters: Omit<None, "path"> & { readonly path: { readonly wish_uuid: string } };
  readonly requestBody?: never;
  readonly responses: { readonly 204: { readonly content?: never }; readonly 400: ErrorAnswer };
}

/** A document of both operations, each as it is or as a test changes it. */
interface Paths<Post = MakeWish, Delete = DropNotes> {
  readonly "/wishes": { readonly parameters: None; readonly get?: never; readonly post: Post };
  readonly "/wishes/{wish_uuid}/notes": { readonly parameters: None; readonly delete: Delete };
}

/** An operation with some of its parts changed. */
type With<Changes, Of = MakeWish> = Omit<Of, keyof Changes> & Changes;

type JsonBody<Body> = { readonly requestBody: { readonly content: { readonly "application/json": Body } } };

type Answers<Changes, Of extends { responses: object } = MakeWish> = With<
  { readonly responses: With<Changes, Of["responses"]> },
  Of
>;

Deno.test("an app and a document that say the same do not disagree", () => {
  assertType<Is<Disagreement<App, Paths>, never>>(true);
});

Deno.test("a status is told that the document alone has, or the handlers", () => {
  type More = Paths<Answers<{ readonly 422: ErrorAnswer }>>;
  assertType<Is<Disagreement<App, More>, "POST /wishes 422: in the document alone">>(true);

  type Less = Paths<With<{ readonly responses: Omit<MakeWish["responses"], 409> }>>;
  assertType<Is<Disagreement<App, Less>, "POST /wishes 409: in the handlers alone">>(true);
});

Deno.test("what a middleware refuses with is said by the handlers too", () => {
  type Less = Paths<MakeWish, With<{ readonly responses: Omit<DropNotes["responses"], 400> }, DropNotes>>;
  type Told = "DELETE /wishes/{wish_uuid}/notes 400: in the handlers alone";
  assertType<Is<Disagreement<App, Less>, Told>>(true);
});

Deno.test("an answer is told that has another body, an optional field more, or none", () => {
  type Told = "POST /wishes 201: not the same in both";
  type Answer<Body> = Paths<Answers<{ readonly 201: { readonly content: { "application/json": Body } } }>>;
  assertType<Is<Disagreement<App, Answer<{ by: string }>>, Told>>(true);
  assertType<Is<Disagreement<App, Answer<{ by: string | null; at?: string }>>, Told>>(true);
  assertType<Is<Disagreement<App, Answer<{ by?: string | null }>>, Told>>(true);
  assertType<Is<Disagreement<App, Paths<Answers<{ readonly 201: { content?: never } }>>>, Told>>(true);
});

Deno.test("a request body is told that is another, or that one side does not have", () => {
  type Other = Paths<With<JsonBody<{ name: string; notes: string[] }>>>;
  assertType<Is<Disagreement<App, Other>, "POST /wishes json: not the same in both">>(true);

  type No = Paths<With<{ readonly requestBody?: never }>>;
  assertType<Is<Disagreement<App, No>, "POST /wishes json: in the handlers alone">>(true);
});

function createKeyedApp() {
  const Key = z.object({ Key: z.string().exactOptional() });
  return new Hono().post(
    "/wishes",
    headerParams(Key),
    jsonBody(Wish),
    (c): Promise<TypedResponse<Granted, 201>> => {
      return Promise.resolve(c.json({ by: c.req.valid("json").name }, 201));
    },
  );
}

Deno.test("headers are compared where the handlers read them, and are nobody's business elsewhere", () => {
  type Parameters<Header> = { readonly parameters: Omit<None, "header"> & { readonly header: Header } };
  type Responses = { readonly responses: Omit<MakeWish["responses"], 409> };
  interface Keyed<Header> {
    readonly "/wishes": { readonly post: With<Parameters<Header> & Responses> };
  }
  type Told = "POST /wishes header: not the same in both";
  assertType<Is<Disagreement<ReturnType<typeof createKeyedApp>, Keyed<{ readonly Key?: string }>>, never>>(
    true,
  );
  assertType<Is<Disagreement<ReturnType<typeof createKeyedApp>, Keyed<{ readonly Key: string }>>, Told>>(
    true,
  );
  assertType<Is<Disagreement<App, Paths<With<Parameters<{ readonly Key?: string }>>>>, never>>(true);
});

Deno.test("parameters of the path are told that are others, and those of the query that nobody reads", () => {
  type Name = "DELETE /wishes/{wish_uuid}/notes";
  type Parameters<Changes> = Paths<
    MakeWish,
    With<{ readonly parameters: With<Changes, DropNotes["parameters"]> }, DropNotes>
  >;
  type Other = Parameters<{ readonly path: { readonly wish_uuid: number } }>;
  assertType<Is<Disagreement<App, Other>, `${Name} param: not the same in both`>>(true);

  type More = Parameters<{ readonly query?: { readonly limit?: number } }>;
  assertType<Is<Disagreement<App, More>, `${Name} query: in the document alone`>>(true);
});

Deno.test("an operation under another method or path is told on both sides", () => {
  interface Moved extends Pick<Paths, "/wishes"> {
    readonly "/wishes/{wish_uuid}/notes": { readonly put: DropNotes };
  }
  type Part = 204 | 400 | "param";
  assertType<
    Is<
      Disagreement<App, Moved>,
      | `DELETE /wishes/{wish_uuid}/notes ${Part}: in the handlers alone`
      | `PUT /wishes/{wish_uuid}/notes ${Part}: in the document alone`
    >
  >(true);
});

type Is<Actual, Expected> = [Actual] extends [Expected] ? [Expected] extends [Actual] ? true : false : false;

/** Holds a claim about types when it is compiled, and has nothing left to do when it is run. */
function assertType<Claim extends boolean>(_holds: Claim): void {}
