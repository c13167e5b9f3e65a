/** Methods that an operation may have. */
export const METHODS: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Changes that turn an operation's path into a similar one that has no route. */
export const UNKNOWN_ROUTES: Readonly<Record<string, (path: string) => string>> = {
  "a trailing slash": (path) => `${path}/`,
  "an extra slash": (path) => path.replace("/v1/", "/v1//"),
  "escaped slashes": (path) => path.replace("/v1/", "%2Fv1%2F"),
  "capital letters": (path) => path.toUpperCase(),
  "another version": (path) => path.replace("/v1/", "/v2/"),
  "a longer path": (path) => `${path}/nothing/here`,
};
