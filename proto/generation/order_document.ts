import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";

const document = new URL("../order/v1/order.openapi.yaml", import.meta.url);

const HEADER = "// Code generated from order/v1/order.openapi.yaml. DO NOT EDIT.\n";

/**
 * Generates the order API's OpenAPI document, as it stands, into `order/v1/order_document.ts` of a folder.
 *
 * A module and not a JSON file, so that a service that answers with it needs no permission to read it.
 *
 * @throws {YAMLParseError} When the document is no YAML.
 */
export async function generateOrderDocument(folder: string): Promise<void> {
  const text = [
    HEADER,
    "/** The order API's OpenAPI 3.1 document. */\n",
    `export const orderDocument: Readonly<Record<string, unknown>> = `,
    `${JSON.stringify(parse(await readFile(document, "utf8")))};\n`,
  ];
  await writeFile(join(folder, "order/v1/order_document.ts"), text.join(""));
}
