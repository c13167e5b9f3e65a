/** A `fetch` whose last answer can also be inspected from outside. */
export interface RecordedFetch {
  readonly fetch: typeof fetch;
  /** The last answer, as it came. */
  readonly lastAnswer: () => Response;
}

/** Records what another `fetch` is answered. */
export function recordFetch(carry: typeof fetch = fetch): RecordedFetch {
  let copyLast: (() => Response) | undefined;
  return {
    fetch: async (input, init) => {
      const answer = await carry(input, init);
      const bytes = await answer.arrayBuffer();
      // Some statuses can't have so much as an empty body.
      copyLast = () => new Response(bytes.byteLength === 0 ? null : bytes, answer);
      return copyLast();
    },
    lastAnswer() {
      if (copyLast === undefined) throw new TypeError("nothing has been answered yet");
      return copyLast();
    },
  };
}
