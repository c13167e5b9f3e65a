/** Where a store's URL leads, as `host:port`. */
export function storeTarget(url: string, defaultPort: 5432 | 6379): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || defaultPort}`;
}
