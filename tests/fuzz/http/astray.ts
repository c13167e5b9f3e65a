/** Methods that an operation may have. */
export const METHODS: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Changes that make an operation's path almost the same one. */
export const ASTRAY: Readonly<Record<string, (path: string) => string>> = {
  "a slash behind it": (path) => `${path}/`,
  "an extra slash": (path) => path.replace("/v1/", "/v1//"),
  "slashes that are escaped": (path) => path.replace("/v1/", "%2Fv1%2F"),
  "capital letters": (path) => path.toUpperCase(),
  "another version": (path) => path.replace("/v1/", "/v2/"),
  "something below it": (path) => `${path}/nothing/here`,
};
