import assert from "node:assert/strict";
import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";
import { CONTRACTS } from "../generation/contracts.ts";
import { createWorkFolder } from "../generation/work_folder.ts";
import { releaseContracts } from "./released.ts";

/** A copy of the contracts, just released, for a test to change; removed when this is disposed of. */
export interface ContractsCopy extends AsyncDisposable {
  /** The copy's folder. */
  readonly path: string;
  /** Replaces a text in a file, where it must occur once. */
  replace(file: string, found: string, wanted: string): Promise<void>;
  /** Changes the order API's document. */
  changeDocument(change: (document: Document) => void): Promise<void>;
}

/** Copies the current contracts, and releases the copy. */
export async function copyContracts(): Promise<ContractsCopy> {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await createWorkFolder());
  await cp(CONTRACTS, path, { recursive: true });
  await releaseContracts(path);

  async function change(file: string, edit: (text: string) => string): Promise<void> {
    const text = await readFile(join(path, file), "utf8");
    await writeFile(join(path, file), edit(text));
  }
  const owned = stack.move();
  return {
    path,
    replace: (file, found, wanted) =>
      change(file, (text) => {
        assert.equal(text.split(found).length, 2, `${file} does not have exactly one: ${found}`);
        return text.replace(found, () => wanted);
      }),
    changeDocument: (edit) =>
      change("order/v1/order.openapi.yaml", (text) => {
        const document = parseDocument(text);
        edit(document);
        return document.toString();
      }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
