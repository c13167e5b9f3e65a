import { CONNECTION_LIMITS } from "@rocket/platform/core";
import { createRawClient, statusOf } from "@rocket/platform/testing/raw-client";
import { AuthService } from "@rocket/proto/iam";
import { ATTACK_MS, type AttackResult, inWords, pause, repeatWhileAttacking } from "./pace.ts";
import { openSockets } from "./sockets.ts";
import type { Target } from "./target.ts";

const SLOW_CLIENTS = 300;

/** What a port holds from one address. */
const { perAddress } = CONNECTION_LIMITS;

/** Headers that never end, at every HTTP port. They may take 5 s. */
export function slowHeaders({ httpPorts }: Target): Promise<AttackResult> {
  return dawdle(httpPorts, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ");
}

/** Bodies that never end, of orders in a session and of registrations. They may take 5 s. */
export async function slowBodies({ orderPort, iamHttpPort, attacker }: Target): Promise<AttackResult> {
  const half = (path: string) =>
    [
      `POST ${path} HTTP/1.1`,
      "Host: x",
      "Content-Type: application/json",
      "Content-Length: 100",
      `X-Session-Uuid: ${attacker.sessionUuid}`,
      "",
      '{"part',
    ].join("\r\n");
  const results = await Promise.all([
    dawdle([orderPort], half("/api/v1/orders")),
    dawdle([iamHttpPort], half("/api/v1/iam/register")),
  ]);
  return {
    outcome: results.map(({ outcome }) => outcome).join("; "),
    faults: results.flatMap(({ faults }) => faults),
  };
}

async function dawdle(ports: readonly number[], text: string): Promise<AttackResult> {
  const to = ports.flatMap((port) => Array<number>(SLOW_CLIENTS).fill(port));
  using sockets = await openSockets(to, new TextEncoder().encode(text));
  await pause(ATTACK_MS + 4_000);
  const kept = sockets.opened - sockets.closed();
  return {
    outcome: `${sockets.closed()} of ${sockets.opened} closed by the server`,
    faults: kept > 0 ? [`${kept} unfinished requests were kept`] : [],
  };
}

/** Connections to every HTTP port that send nothing. A port holds 1,000 of an address, and each for 10 s. */
export async function idleHttpConnections({ httpPorts }: Target): Promise<AttackResult> {
  using sockets = await openSockets(httpPorts.flatMap((port) => Array<number>(1_500).fill(port)));
  await pause(ATTACK_MS / 2);
  const held = sockets.opened - sockets.closed();
  await pause(ATTACK_MS * 2);
  const kept = sockets.opened - sockets.closed();
  return {
    outcome: `${sockets.opened} opened, ${held} held after 3 s, ${kept} after 15 s`,
    faults: [
      ...(held > perAddress * httpPorts.length ? [`${held} connections were held`] : []),
      ...(kept > 0 ? [`${kept} unused connections were kept`] : []),
    ],
  };
}

/** The largest answer of a port, 1.5 MB, on 150 connections each, and none is read. */
export async function unreadAnswers({ httpPorts }: Target): Promise<AttackResult> {
  const page = await (await fetch(`http://127.0.0.1:${httpPorts[0]}/docs`)).text();
  const [script = ""] = /docs\/[^"]+\.js/.exec(page) ?? [];
  // A client may send some requests ahead.
  const requests = new TextEncoder().encode(`GET /${script} HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(8));
  const connections: Deno.TcpConn[] = [];
  for (let count = 0; count < 150; count++) {
    for (const port of httpPorts) {
      const connection = await Deno.connect({ hostname: "127.0.0.1", port });
      connections.push(connection);
      await connection.write(requests);
    }
    // The kernel takes a megabyte or two of each; all at once would show how fast that can be copied.
    await pause(40);
  }
  await pause(ATTACK_MS / 2);
  for (const connection of connections) connection.close();
  return { outcome: `${connections.length} connections asked for ${script}`, faults: [] };
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

/** Paths of 15 KB, which is almost all that a request's headers may have. */
export async function longPaths({ orderPort }: Target): Promise<AttackResult> {
  const url = `http://127.0.0.1:${orderPort}/${"a".repeat(15_000)}`;
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
