import { formatAddress } from "./address.ts";
import { StartError } from "./start_error.ts";

/** An address can't be listened on, most often because another process has the port. */
export class CannotListen extends StartError {
  constructor(host: string, port: number, options: ErrorOptions) {
    const told = options.cause instanceof Error ? options.cause.message : String(options.cause);
    const why = TAKEN.test(told) ? "another process has the port" : told;
    super(`can't listen on ${formatAddress(host, port)}: ${why}`, options);
    this.name = "CannotListen";
  }
}

/** What the runtime says of a taken port, and grpc-js in words of its own around it. */
const TAKEN = /EADDRINUSE|address already in use/i;
