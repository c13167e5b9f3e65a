/** Joins a host and a port into an address; an IPv6 host is put into brackets (RFC 3986, 3.2.2). */
export function formatAddress(host: string, port: number): string {
  return `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
}
