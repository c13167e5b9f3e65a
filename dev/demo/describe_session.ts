import type { DemoSession } from "./open_demo_session.ts";

/** A demo session as a person at a terminal uses it: the commands to paste. */
export function describeSession({ login, password, sessionUuid, orderUrl, partUuids }: DemoSession): string {
  const body = JSON.stringify({ part_uuids: partUuids });
  return `Registered ${login} with the password ${password}, and logged in.

The session, good for a day; whoever has it is ${login}:

  export SESSION=${sessionUuid}

Place an order with it, then pay it and read it back with the order_uuid that comes:

  curl -sS ${orderUrl} -H "X-Session-Uuid: $SESSION" -H 'Content-Type: application/json' -d '${body}'
  curl -sS ${orderUrl}/ORDER_UUID/pay -H "X-Session-Uuid: $SESSION" -H 'Content-Type: application/json' -d '{"payment_method":"CARD"}'
  curl -sS ${orderUrl}/ORDER_UUID -H "X-Session-Uuid: $SESSION"

List your orders, newest first:

  curl -sS ${orderUrl} -H "X-Session-Uuid: $SESSION"

Without it you are turned away:

  curl -sS -i ${orderUrl} -H 'Content-Type: application/json' -d '${body}'
`;
}
