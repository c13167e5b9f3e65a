import { BlockList, isIPv6 } from "node:net";
import type { Logger } from "@rocket/platform/log";

/** After how many requests from one address it is taken for a proxy's. */
const REQUESTS = 1_000;

/** RFC 1918 and RFC 4193. Loopback is left out: it is where a developer's own requests come from. */
const PRIVATE = new BlockList();
PRIVATE.addSubnet("10.0.0.0", 8);
PRIVATE.addSubnet("172.16.0.0", 12);
PRIVATE.addSubnet("192.168.0.0", 16);
PRIVATE.addSubnet("fc00::", 7, "ipv6");

/**
 * Creates a check that warns once if the first 1,000 requests all come from one private address: a proxy that is not
 * listed in `TRUSTED_PROXIES`, so that all clients share its limits.
 */
export function createProxyHint(log: Logger): (address: string) => void {
  let count = 0;
  let first: string | undefined;
  return (address) => {
    if (count >= REQUESTS) return;
    first ??= address;
    count = first === address ? count + 1 : REQUESTS + 1;
    if (count === REQUESTS && PRIVATE.check(address, isIPv6(address) ? "ipv6" : "ipv4")) {
      log.warn({ address }, "all requests come from one private address; is it a proxy? see TRUSTED_PROXIES");
    }
  };
}
