import type { AccountEvent, OrderPaid, ShipAssembled } from "@rocket/proto/events";
import { AccountEventKind } from "@rocket/proto/events";
import type { MessageKind } from "../model/message.ts";
import type { MessageRepository } from "../repository/messages.ts";
import type { RefusedLoginRepository } from "../repository/refused_logins.ts";

/** Turns events into messages, one for each event at most, however often it comes. */
export interface NoteEvents {
  orderPaid(event: OrderPaid): Promise<void>;
  shipAssembled(event: ShipAssembled): Promise<void>;
  accountEvent(event: AccountEvent): Promise<void>;
}

/** How long before a login a refused one is reported, in milliseconds. */
const REFUSED_WITHIN_MS = 3_600_000;

/** Parts of {@linkcode createNoteEvents}. */
export interface NoteEventsParts {
  readonly messages: Pick<MessageRepository, "add">;
  readonly refusedLogins: Pick<RefusedLoginRepository, "note" | "addMessage">;
  /** Called when a message was added. */
  readonly onAdded: () => void;
}

/** Creates the note-events use cases. */
export function createNoteEvents({ messages, refusedLogins, onAdded }: NoteEventsParts): NoteEvents {
  const note = async (adding: Promise<boolean>) => {
    if (await adding) onAdded();
  };
  return {
    orderPaid: ({ eventUuid, userUuid, orderUuid }) =>
      note(messages.add({ eventUuid, userUuid, kind: "order_paid", facts: { order_uuid: orderUuid } })),

    shipAssembled({ eventUuid, userUuid, orderUuid, buildTimeSec }) {
      const facts = { order_uuid: orderUuid, build_time_sec: String(buildTimeSec) };
      return note(messages.add({ eventUuid, userUuid, kind: "order_assembled", facts }));
    },

    async accountEvent(event) {
      const { eventUuid, userUuid, kind, address, at = new Date() } = event;
      const about = (kind: MessageKind) => {
        return { eventUuid, userUuid, kind, facts: { address, at: at.toUTCString() } };
      };
      switch (kind) {
        case AccountEventKind.ACCOUNT_EVENT_KIND_PASSWORD_CHANGED:
          return await note(messages.add(about("password_changed")));
        case AccountEventKind.ACCOUNT_EVENT_KIND_PASSWORD_RESET_REQUESTED:
          return await note(messages.add(about("password_reset")));
        case AccountEventKind.ACCOUNT_EVENT_KIND_EMAIL_VERIFICATION_REQUESTED:
          return await note(messages.add(about("email_verification")));
        case AccountEventKind.ACCOUNT_EVENT_KIND_LOGIN_REFUSED:
          return await refusedLogins.note(userUuid, at);
        case AccountEventKind.ACCOUNT_EVENT_KIND_LOGIN_SUCCEEDED:
          return await note(refusedLogins.addMessage(about("login_after_refusals"), at, REFUSED_WITHIN_MS));
      }
    },
  };
}
