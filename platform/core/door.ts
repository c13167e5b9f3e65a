import type { Probe } from "./probe.ts";

/** A way into a service: a port that it answers on, or a topic that it consumes. */
export interface Door {
  /** Lets requests in from now on. */
  open(): OpenDoor | Promise<OpenDoor>;
}

/** A door that requests come through. */
export interface OpenDoor {
  /** Where it is, for the log: `127.0.0.1:8080`. */
  readonly address: string;
  /** Announces whether the service is ready; absent if clients poll for that. */
  setReady?(isReady: boolean): void;
  /** Connects to the door as a client does, and throws if it accepts nothing: the service is not ready then. */
  readonly probe?: Probe;
  /** Announces that the service will stop, to clients that poll for that; requests are still answered. */
  announceStop?(): void;
  /** Takes no new requests, and finishes those under way, for `graceMs` milliseconds at most. */
  close(graceMs: number): Promise<void>;
}
