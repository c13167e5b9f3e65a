import { createRawClient, statusOf } from "@rocket/platform/testing/raw-client";
import { AuthService } from "@rocket/proto/iam";
import { ATTACK_MS, type AttackResult, inWords, pause, repeatWhileAttacking } from "./pace.ts";
import { openSockets } from "./sockets.ts";
import type { Target } from "./target.ts";

const SLOW_CLIENTS = 300;

/** Headers that never end. They may take 5 s. */
export function slowHeaders({ orderPort }: Target): Promise<AttackResult> {
  return dawdle(orderPort, "GET /healthz HTTP/1.1\r\nHost: order\r\nX-Slow: ");
}

/** Bodies that never end, in a session. They may take 5 s. */
export function slowBodies({ orderPort, attacker }: Target): Promise<AttackResult> {
  const lines = [
    "POST /api/v1/orders HTTP/1.1",
    "Host: order",
    "Content-Type: application/json",
    "Content-Length: 100",
    `X-Session-Uuid: ${attacker.sessionUuid}`,
  ];
  return dawdle(orderPort, `${lines.join("\r\n")}\r\n\r\n{"part`);
}

async function dawdle(port: number, text: string): Promise<AttackResult> {
  using sockets = await openSockets(Array(SLOW_CLIENTS).fill(port), new TextEncoder().encode(text));
  await pause(ATTACK_MS + 4_000);
  const kept = sockets.opened - sockets.closed();
  return {
    outcome: `${sockets.closed()} of ${sockets.opened} closed by the server`,
    faults: kept > 0 ? [`${kept} unfinished requests were kept`] : [],
  };
}

/** One user places as many orders as it can, and pays none. */
export async function unpaidOrders(target: Target): Promise<AttackResult> {
  const statuses = new Map<string, number>();
  for (let count = 0; count < 94; count++) {
    const status = String((await placeOrder(target, { part_uuids: [target.partUuid] })).status);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  const placed = statuses.get("201") ?? 0;
  return { outcome: inWords(statuses), faults: placed > 20 ? [`${placed} unpaid orders`] : [] };
}

/** Many logins at once, by a client that waits 2 s. */
export async function loginRush({ iamPort, attacker }: Target): Promise<AttackResult> {
  await using auth = createRawClient(AuthService, `127.0.0.1:${iamPort}`);
  const { login } = attacker;
  const statuses = await repeatWhileAttacking(
    120,
    () => statusOf(auth.login({ login, password: "a wrong one" })),
  );
  return { outcome: inWords(statuses), faults: [] };
}

/** Bodies of 58 KB in which everything is wrong. */
export async function brokenFields(target: Target): Promise<AttackResult> {
  let largest = 0;
  const body = { part_uuids: Array(14_000).fill("x") };
  const statuses = await repeatWhileAttacking(8, async () => {
    const answer = await placeOrder(target, body);
    largest = Math.max(largest, (await answer.arrayBuffer()).byteLength);
    return String(answer.status);
  });
  const faults = largest > 16_384 ? [`an error of ${largest} bytes`] : [];
  return { outcome: `${inWords(statuses)}, ${largest} bytes at most`, faults };
}

/** Paths of 60 KB. */
export async function longPaths({ orderPort }: Target): Promise<AttackResult> {
  const url = `http://127.0.0.1:${orderPort}/${"a".repeat(60_000)}`;
  const statuses = await repeatWhileAttacking(8, () => statusAfter(fetch(url)));
  return { outcome: inWords(statuses), faults: [] };
}

/** Readiness, asked for without a pause. */
export async function probeFlood({ orderPort }: Target): Promise<AttackResult> {
  const statuses = await repeatWhileAttacking(
    16,
    () => statusAfter(fetch(`http://127.0.0.1:${orderPort}/readyz`)),
  );
  return { outcome: inWords(statuses), faults: [] };
}

/** One session reads its orders without a pause. */
export async function requestFlood({ orderPort, attacker }: Target): Promise<AttackResult> {
  const headers = { "X-Session-Uuid": attacker.sessionUuid };
  const url = `http://127.0.0.1:${orderPort}/api/v1/orders`;
  const statuses = await repeatWhileAttacking(16, () => statusAfter(fetch(url, { headers })));
  const served = statuses.get("200") ?? 0;
  return { outcome: inWords(statuses), faults: served > 700 ? [`${served} requests were served`] : [] };
}

function placeOrder({ orderPort, attacker }: Target, body: object): Promise<Response> {
  return fetch(`http://127.0.0.1:${orderPort}/api/v1/orders`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Session-Uuid": attacker.sessionUuid },
    body: JSON.stringify(body),
  });
}

async function statusAfter(asking: Promise<Response>): Promise<string> {
  const answer = await asking;
  await answer.body?.cancel();
  return String(answer.status);
}
