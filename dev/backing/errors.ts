/** A way to get servers that does not lead anywhere on this machine; the next one is tried. */
export class WayUnavailable extends Error {
  override readonly name = "WayUnavailable";
  /** What was found wanting, as the end of a sentence. */
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** No way led to a Postgres and a Redis; the message lists every way and what it lacked. */
export class BackingUnavailable extends Error {
  override readonly name = "BackingUnavailable";
}

/** The environment asks for something that can't be: an unknown `BACKING`, or only some of the Postgres URLs. */
export class BackingMisconfigured extends Error {
  override readonly name = "BackingMisconfigured";
}

/** The data folder belongs to a run that is still going on. */
export class DataInUse extends Error {
  override readonly name = "DataInUse";

  constructor(readonly dataDir: string, readonly holder: string) {
    super(`${dataDir} is in use by process ${holder || "(unknown)"}: stop that run first`);
  }
}

/** A server that the environment named was to be stopped, started or paused: it is not ours. */
export class NotOurServer extends Error {
  override readonly name = "NotOurServer";

  constructor(readonly server: string, readonly action: string) {
    super(`refusing to ${action} ${server}: the environment names it, so it is not ours`);
  }
}

/** A server of ours ended, or stayed silent, while it was starting. */
export class ServerFailed extends Error {
  override readonly name = "ServerFailed";
}

/** A program that we ran to its end reported failure; the message has the end of what it wrote. */
export class CommandFailed extends Error {
  override readonly name = "CommandFailed";
}
