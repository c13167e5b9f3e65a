import assert from "node:assert/strict";
import { constants, type ServerHttp2Stream } from "node:http2";
import { PassThrough } from "node:stream";
import { createRequestBounds, MAX_OPEN_CALLS } from "./request_bounds.ts";

/** A stream that only notes the code it is reset with. */
function fakeStream() {
  const resets: number[] = [];
  const fake = Object.assign(new PassThrough(), { close: (code: number) => void resets.push(code) });
  // The bounds use a stream's `Readable` side, its events and `close`.
  return { stream: fake as unknown as ServerHttp2Stream, resets };
}

Deno.test("past the most open calls, the oldest one is reset, and one that has closed is not", () => {
  const bounds = createRequestBounds();
  const [closed, oldest, next] = [fakeStream(), fakeStream(), fakeStream()];
  for (const { stream } of [closed, oldest, next]) bounds.limitTime(stream);
  closed.stream.emit("close");
  for (let n = 2; n <= MAX_OPEN_CALLS; n++) bounds.limitTime(fakeStream().stream);
  assert.deepEqual([closed, oldest, next].map(({ resets }) => resets), [
    [],
    [constants.NGHTTP2_ENHANCE_YOUR_CALM],
    [],
  ]);
});

Deno.test("what has arrived completely is not refused at a stop, and the rest is", () => {
  const bounds = createRequestBounds();
  const [whole, partial] = [fakeStream(), fakeStream()];
  for (const { stream } of [whole, partial]) {
    bounds.add(stream);
    stream.push(Buffer.from("x"));
  }
  whole.stream.push(null);
  bounds.refuseUnfinished();
  assert.deepEqual([whole.resets, partial.resets], [[], [constants.NGHTTP2_REFUSED_STREAM]]);
});
