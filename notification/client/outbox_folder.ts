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
      const file = join(folder, `${eventUuid}.${channel}.${EXTENSIONS[channel]}`);
      await mkdir(folder, { recursive: true });
      await writeFile(file, `To: ${target}\nSubject: ${subject}\n\n${body}`);
      log.info({ channel, file }, "message written to a file");
    },
  };
}
