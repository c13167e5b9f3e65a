import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { runWithRequest } from "@rocket/platform/core";
import { freePort } from "@rocket/platform/free-port";
import { createLogger } from "@rocket/platform/log";
import { normalizeCandidate } from "../model/password.ts";
import { createBreachedPasswords } from "./breached_passwords.ts";

const PASSWORD = normalizeCandidate("four stars in a row") ?? assert.fail();

/** The SHA-1 of the password, as a range service has it. */
const [PREFIX, REST] = ["00F9C", "833D6E3EE511F5D582A2B33ACB48D73B6D1"];
const OTHER = "0".repeat(35);

/** Asks for the password at a service that answers like this. */
async function ask(answer: RequestListener, deadline = Infinity) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  try {
    return { ...await askAt(address.port, deadline), requests };
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
}

async function askAt(port: number, deadline = Infinity) {
  const lines: string[] = [];
  const log = createLogger(
    { service: "iam", level: "trace", format: "json" },
    { write: (line) => void lines.push(line) },
  );
  const { has } = createBreachedPasswords(`http://127.0.0.1:${port}/range`, log);
  const isBreached = await runWithRequest({ requestId: "r", deadline }, () => has(PASSWORD));
  for (const secret of [PREFIX, REST, PASSWORD]) assert.ok(!lines.join().includes(secret));
  return { isBreached, reasons: lines.map((line) => JSON.parse(line).reason) };
}

const say = (body: string, status = 200): RequestListener => (_, response) =>
  response.writeHead(status).end(body);

Deno.test("6.2.12: the service is sent 5 digits of the password's hash, and nothing else about it", async () => {
  const { requests: [request, ...more] } = await ask(say(""));
  assert.deepEqual(more, []);
  assert.equal(request?.method, "GET");
  assert.equal(request.url, `/range/${PREFIX}`);
  assert.equal(request.headers["add-padding"], "true");
  const { host: _, "user-agent": agent, ...headers } = request.headers;
  assert.equal(agent, "rocket-factory-iam");
  assert.deepEqual(Object.keys(headers).toSorted(), [
    "accept",
    "accept-encoding",
    "accept-language",
    "add-padding",
  ]);
});

for (
  const [what, body, isBreached] of [
    ["the rest of its hash is listed", `${OTHER}:7\r\n${REST}:3\r\n`, true],
    ["it is listed in lower case", `${REST.toLowerCase()}:1`, true],
    ["only others are listed", `${OTHER}:7\r\n`, false],
    ["it is there as padding only", `${REST}:0\r\n`, false],
    ["nothing is listed", "", false],
  ] as const
) {
  Deno.test(`6.2.12: a password is ${isBreached ? "" : "not "}known as breached if ${what}`, async () => {
    assert.deepEqual(await ask(say(body)).then(({ requests: _, ...outcome }) => outcome), {
      isBreached,
      reasons: [],
    });
  });
}

for (
  const [what, answer, reason] of [
    ["refuses", say(`${REST}:3`, 503), "answered with status 503"],
    ["sends elsewhere", (_, response) => response.writeHead(302, { Location: "/" }).end(), "not reached"],
    ["answers with a page", say("<html>Welcome</html>"), "answered with something else"],
    ["hangs up", (request) => void request.socket.destroy(), "not reached"],
    ["breaks off", (_, response) => {
      response.writeHead(200, { "Content-Length": "1000" }).write(`${REST}:3\r\n`, () => response.destroy());
    }, "not reached"],
    ["never ends", (_, response) => {
      const more = () => {
        if (!response.destroyed) response.write(`${OTHER}:7\r\n`.repeat(1_000), more);
      };
      more();
    }, "answered too much"],
  ] as const satisfies readonly (readonly [string, RequestListener, string])[]
) {
  Deno.test(`6.2.12: a password passes, with a log line, if the service ${what}`, async () => {
    const { isBreached, reasons } = await ask(answer);
    assert.deepEqual({ isBreached, reasons }, { isBreached: false, reasons: [reason] });
  });
}

Deno.test("6.2.12: a password passes, with a log line, if the service does not answer by the request's deadline", async () => {
  const { isBreached, reasons } = await ask(() => {}, Date.now() + 200);
  assert.deepEqual({ isBreached, reasons }, { isBreached: false, reasons: ["no answer in time"] });
});

Deno.test("6.2.12: a password passes, with a log line, if the service is down", async () => {
  assert.deepEqual(await askAt(freePort()), { isBreached: false, reasons: ["not reached"] });
});
