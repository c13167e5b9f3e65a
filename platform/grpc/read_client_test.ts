import assert from "node:assert/strict";
import { status as Code } from "@grpc/grpc-js";
import { CLIENT_ADDRESS_KEY, SERVICE_TOKEN_KEY } from "../auth/metadata.ts";
import { parseProxies } from "../core/client_address.ts";
import { currentRequest } from "../core/request_context.ts";
import { type EchoPeer, serveEcho } from "../testing/echo_service.ts";
import { SERVICE_TOKEN } from "../testing/fake_iam.ts";
import type { ClientSource } from "./read_client.ts";

const MESSAGE = { login: "x", password: "" };
const TOKEN = SERVICE_TOKEN.value.sent;

function serveAddress(clientSource: ClientSource): Promise<EchoPeer> {
  return serveEcho(() => Promise.resolve(currentRequest()?.client?.address ?? "none"), { clientSource });
}

function source(proxies = ""): ClientSource {
  const trustedProxies = parseProxies(proxies);
  assert.ok(trustedProxies !== undefined);
  return { services: { serviceToken: SERVICE_TOKEN }, trustedProxies };
}

Deno.test("a call's client is its peer, or the one that a trusted proxy names", async () => {
  for (const [proxies, address] of [["", "127.0.0.1"], ["127.0.0.1", "198.51.100.1"]] as const) {
    await using peer = await serveAddress(source(proxies));
    const { response } = await peer.client.login(MESSAGE, { "x-forwarded-for": "1.1.1.1, 198.51.100.1" });
    assert.equal(response?.sessionUuid, address);
  }
});

Deno.test("a service names the client that it calls for; any other caller that does is ignored", async () => {
  await using peer = await serveAddress(source());
  for (const [token, address] of [[TOKEN, "2001:db8::1"], ["u".repeat(32), "127.0.0.1"]] as const) {
    const metadata = { [SERVICE_TOKEN_KEY]: token, [CLIENT_ADDRESS_KEY]: "2001:DB8:0::1" };
    assert.equal((await peer.client.login(MESSAGE, metadata)).response?.sessionUuid, address);
  }
});

Deno.test("a service that names no IP address gets an error that names the field", async () => {
  await using peer = await serveAddress(source());
  const metadata = { [SERVICE_TOKEN_KEY]: TOKEN, [CLIENT_ADDRESS_KEY]: "somewhere" };
  const { code, details } = await peer.client.login(MESSAGE, metadata);
  assert.equal(code, Code.INVALID_ARGUMENT);
  assert.match(details, /client-address/);
});
