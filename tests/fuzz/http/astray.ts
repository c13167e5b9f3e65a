/** Methods that an operation may have. */
export const METHODS: readonly string[] = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Ways from an operation's path to one that is nearly it. */
export const ASTRAY: Readonly<Record<string, (path: string) => string>> = {
  "a slash behind it": (path) => `${path}/`,
  "a slash too many": (path) => path.replace("/v1/", "/v1//"),
  "slashes that are escaped": (path) => path.replace("/v1/", "%2Fv1%2F"),
  "capital letters": (path) => path.toUpperCase(),
  "another version": (path) => path.replace("/v1/", "/v2/"),
  "something below it": (path) => `${path}/nothing/here`,
};
