import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "@rocket/platform/log";
import type { Channel } from "../model/message.ts";
import type { Sender } from "./channel.ts";

/** What the files of a channel end with. */
const EXTENSIONS: Readonly<Record<Channel, string>> = { email: "html", telegram: "md" };

/**
 * Creates a channel that sends nothing: it writes each message to a file of its own, where nothing else is configured.
 * The log names the file; the text may have secrets of the person's.
 */
export function createOutboxFolder(folder: string, channel: Channel, log: Logger): Sender {
  return {
    async send(target, { subject, body }, eventUuid) {
      // A person may have several addresses on a channel.
      const address = createHash("sha256").update(target).digest("hex").slice(0, 8);
      const file = join(folder, `${eventUuid}.${address}.${channel}.${EXTENSIONS[channel]}`);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(file, `To: ${target}\nSubject: ${subject}\n\n${body}`, { mode: 0o600 });
      log.info({ channel, file }, "message written to a file");
    },
  };
}
