import { isIP } from "node:net";
import { checkServerIdentity, createSecureContext } from "node:tls";
import {
  type CallCredentials,
  ChannelCredentials,
  type ChannelOptions,
  ServerCredentials,
} from "@grpc/grpc-js";
import pTimeout from "p-timeout";
import type { TlsFiles } from "../tls/tls_files.ts";

/**
 * Creates what a server shows its clients. A change of the files counts for new connections, and leaves those that are
 * open as they are.
 *
 * With an authority, a client without a certificate of it is refused in the handshake. Without files there is no TLS.
 */
export function serverCredentials(tls: TlsFiles | undefined): ServerCredentials {
  return tls === undefined ? ServerCredentials.createInsecure() : new ServerTls(tls);
}

/**
 * Creates what a client shows its server, and how it checks that one: by the authority, or by whom the runtime trusts,
 * and by the name or the address in the target. A change of the files counts for new connections.
 *
 * Without files there is no TLS.
 */
export function clientCredentials(tls: TlsFiles | undefined): ChannelCredentials {
  return tls === undefined ? ChannelCredentials.createInsecure() : new ClientTls(tls);
}

class ServerTls extends ServerCredentials {
  constructor(tls: TlsFiles) {
    super({ requestCert: tls.current.ca !== undefined, rejectUnauthorized: true }, tls.current);
    tls.onChange((credentials) => this.updateSecureContextOptions(credentials));
  }

  override _equals(other: ServerCredentials): boolean {
    return this === other;
  }
}

/** The parameters and the result of an internal method, whose types the library does not export. */
type ConnectorArgs = Parameters<ChannelCredentials["_createSecureConnector"]>;
type Connector = ReturnType<ChannelCredentials["_createSecureConnector"]>;

class ClientTls extends ChannelCredentials {
  readonly #tls: TlsFiles;

  constructor(tls: TlsFiles) {
    super();
    this.#tls = tls;
  }

  override _isSecure(): boolean {
    return true;
  }

  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(...[target, options, calls]: ConnectorArgs): Connector {
    const newest = () => this.#connector(target, options, calls);
    return {
      // The library waits for ever for a server that stays silent; it destroys the socket once this rejects.
      connect: (socket) => pTimeout(newest().connect(socket), { milliseconds: HANDSHAKE_LIMIT_MS }),
      waitForReady: () => Promise.resolve(),
      getCallCredentials: () => newest().getCallCredentials(),
      destroy() {},
    };
  }

  #connector(target: ConnectorArgs[0], options: ChannelOptions, calls?: CallCredentials): Connector {
    const context = createSecureContext(this.#tls.current);
    const address = /^\[?(.+?)\]?:[0-9]+$/.exec(target.path)?.[1] ?? "";
    if (isIP(address) === 0) {
      return ChannelCredentials.createFromSecureContext(context)._createSecureConnector(
        target,
        options,
        calls,
      );
    }
    // An address may not be sent as a server's name (RFC 6066, 3), which the library does; so it sends another.
    const named = { ...options, "grpc.ssl_target_name_override": NO_NAME };
    return ChannelCredentials.createFromSecureContext(context, {
      checkServerIdentity: (_, certificate) => checkServerIdentity(address, certificate),
    })._createSecureConnector(target, named, calls);
  }
}

/** How long a client waits for a handshake before it gives the connection up, in milliseconds. */
const HANDSHAKE_LIMIT_MS = 5_000;

/** Never a server's name (RFC 6761, 6.4). */
const NO_NAME = "address.invalid";
