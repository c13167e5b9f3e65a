/** Writes a host and a port as one address; an IPv6 host goes into brackets (RFC 3986, 3.2.2). */
export function formatAddress(host: string, port: number): string {
  return `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
}
