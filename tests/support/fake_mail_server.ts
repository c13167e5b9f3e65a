import { SMTPServer } from "smtp-server";

/** A mail that was taken. */
export interface ReceivedMail {
  readonly to: readonly string[];
  /** With its headers, as it came. */
  readonly text: string;
}

/** A refusal in SMTP's words. */
export interface MailRefusal {
  readonly responseCode: number;
  readonly message: string;
}

/** A mail server that keeps what it takes. */
export interface FakeMailServer extends AsyncDisposable {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** How often each address was written to, also if it was refused. */
  readonly tries: ReadonlyMap<string, number>;
  /** Refuses mails to an address; `undefined` takes them again. */
  refuse(address: string, refusal: MailRefusal | undefined): void;
}

/** Starts the server on a free port of loopback. */
export async function startFakeMailServer(): Promise<FakeMailServer> {
  const mails: ReceivedMail[] = [];
  const tries = new Map<string, number>();
  const refusals = new Map<string, MailRefusal>();
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS"],
    onAuth: (_auth, _session, answer) => answer(null, { user: "rocket" }),
    authOptional: true,
    onRcptTo({ address }, _session, answer) {
      tries.set(address, (tries.get(address) ?? 0) + 1);
      const refusal = refusals.get(address);
      answer(refusal && Object.assign(new Error(refusal.message), { responseCode: refusal.responseCode }));
    },
    async onData(stream, { envelope }, answer) {
      const chunks: Uint8Array[] = await Array.fromAsync(stream);
      mails.push({
        to: envelope.rcptTo.map(({ address }) => address),
        text: new TextDecoder().decode(
          new Uint8Array(await new Blob(chunks.map((one) => one.slice())).arrayBuffer()),
        ),
      });
      answer();
    },
  });
  // A client that hangs up is no fault of the server's.
  server.on("error", () => {});
  const port = await new Promise<number>((resolve) => {
    const listening = server.listen(0, "127.0.0.1", () => {
      const address = listening.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    tries,
    refuse: (address, refusal) => void (refusal ? refusals.set(address, refusal) : refusals.delete(address)),
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
