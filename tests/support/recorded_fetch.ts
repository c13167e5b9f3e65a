/** A `fetch` whose last response a test can inspect. */
export interface RecordedFetch {
  readonly fetch: typeof fetch;
  /** A copy of the last response. */
  readonly lastAnswer: () => Response;
}

/** Records the responses of another `fetch`. */
export function recordFetch(send: typeof fetch = fetch): RecordedFetch {
  let copyLast: (() => Response) | undefined;
  return {
    fetch: async (input, init) => {
      const response = await send(input, init);
      const bytes = await response.arrayBuffer();
      // With some statuses, such as 204, even an empty body is refused.
      copyLast = () => new Response(bytes.byteLength === 0 ? null : bytes, response);
      return copyLast();
    },
    lastAnswer() {
      if (copyLast === undefined) throw new TypeError("there has been no response yet");
      return copyLast();
    },
  };
}
