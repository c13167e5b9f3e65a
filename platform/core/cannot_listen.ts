import { formatAddress } from "./address.ts";
import { StartError } from "./start_error.ts";

/** An address can't be listened on, most often because another process has the port. */
export class CannotListen extends StartError {
  constructor(host: string, port: number, options: ErrorOptions) {
    const message = options.cause instanceof Error ? options.cause.message : String(options.cause);
    const why = TAKEN.test(message) ? "another process has the port" : message;
    super(`can't listen on ${formatAddress(host, port)}: ${why}`, options);
    this.name = "CannotListen";
  }
}

/** The runtime's error for a taken port; grpc-js wraps it in other words. */
const TAKEN = /EADDRINUSE|address already in use/i;
