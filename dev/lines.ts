/** Reads bytes as lines of text, without their line ends; a last line may lack its own. */
export async function* linesOf(
  bytes: ReadableStream<Uint8Array<ArrayBuffer>>,
  options: StreamPipeOptions = {},
): AsyncGenerator<string> {
  let rest = "";
  for await (const text of bytes.pipeThrough(new TextDecoderStream(), options)) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
