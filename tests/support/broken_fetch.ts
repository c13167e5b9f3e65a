/** Sends the body as plain text. */
export const fetchAsText = fetchWithHeader("Content-Type", "text/plain");

/** Sends a header besides the client's. */
export function fetchWithHeader(name: string, value: string): typeof fetch {
  return (input, init) => {
    const request = new Request(input, init);
    request.headers.set(name, value);
    return fetch(request);
  };
}

/** Sends only the first byte of a body. */
export const fetchStalling: typeof fetch = (input, init) => {
  const { url, method, headers, signal } = new Request(input, init);
  const body = new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode("{")) });
  return fetch(url, { method, headers, signal, body });
};

/** Sends this body instead of the client's. */
export function fetchWith(body: string): typeof fetch {
  return (input, init) => {
    const { url, method, headers, signal } = new Request(input, init);
    return fetch(url, { method, headers, signal, body });
  };
}
