import { formatAddress } from "../address/address.ts";

/** An address can't be listened on, most often because another process has the port. */
export class CannotListen extends Error {
  constructor(host: string, port: number, options: ErrorOptions) {
    const why = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super(`can't listen on ${formatAddress(host, port)}: ${why}`, options);
    this.name = "CannotListen";
  }
}
