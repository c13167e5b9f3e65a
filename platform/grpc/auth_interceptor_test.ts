import assert from "node:assert/strict";
import pLimit from "p-limit";
import { status as Code } from "@grpc/grpc-js";
import { InventoryService, Part } from "@rocket/proto/inventory";
import { createAuthorize } from "../auth/authorize.ts";
import { currentSession, requireSession } from "../auth/caller.ts";
import { SERVICE_TOKEN, startFakeIam, verifierAt } from "../testing/fake_iam.ts";
import { captureLog } from "../testing/captured_log.ts";
import { serveGrpc } from "../testing/grpc_peer.ts";
import { openGuardedDoors } from "../testing/guarded_doors.ts";
import { handlersOf } from "../testing/handlers.ts";
import { interleave } from "../testing/interleave.ts";
import { authInterceptor } from "./auth_interceptor.ts";
import { createHealthProbe } from "./health_probe.ts";
import { SESSION_UUID_KEY } from "../auth/metadata.ts";
import { addUnaryService } from "./service.ts";

Deno.test("health needs no session", async () => {
  await using iam = await startFakeIam();
  await using doors = await openGuardedDoors(iam.target);
  await using probe = createHealthProbe("inventory", doors.grpc.target);
  await probe.probe();
});

Deno.test("200 interleaved calls each see their own session, across awaits, over gRPC and HTTP", async () => {
  await using iam = await startFakeIam();
  await using doors = await openGuardedDoors(iam.target, async () => {
    const seen = [];
    for (let count = 0; count < 4; count++) {
      seen.push(currentSession()?.userUuid);
      await interleave();
    }
    assert.equal(new Set(seen).size, 1);
    return `${seen[0]} ${currentSession()?.sessionUuid}`;
  });
  const { inventory, http } = doors;
  // So few at once that a busy machine answers each in time.
  await pLimit(20).map(Array(200).keys(), async (number) => {
    const { sessionUuid, userUuid } = iam.openSession();
    await interleave();
    if (number % 2 === 0) {
      const metadata = { [SESSION_UUID_KEY]: sessionUuid };
      const { response } = await inventory.getPart({ uuid: "" }, metadata);
      assert.equal(response?.part?.name, `${userUuid} ${sessionUuid}`);
    } else {
      const response = await http.request("/behind", { headers: { "X-Session-Uuid": sessionUuid } });
      assert.equal(await response.text(), `${userUuid} ${sessionUuid}`);
    }
    assert.equal(currentSession(), undefined);
  });
});

Deno.test("an open method is served without a session, and never sees that of a guarded call", async () => {
  await using iam = await startFakeIam();
  const captured = captureLog();
  await using owned = new AsyncDisposableStack();
  const authorize = createAuthorize({ verify: verifierAt(iam.target, owned), serviceToken: SERVICE_TOKEN });
  const access = { "/inventory.v1.InventoryService/ListParts": "open" } as const;
  const seenByOpen: unknown[] = [];
  await using peer = await serveGrpc({
    captured,
    interceptors: [authInterceptor({ authorize, access, log: captured.log })],
    addServices: (server, { log }) =>
      addUnaryService(
        server,
        InventoryService,
        handlersOf(InventoryService, {
          getPart: async () => {
            await interleave();
            return { part: Part.fromPartial({ name: requireSession().sessionUuid }) };
          },
          listParts: async () => {
            seenByOpen.push(currentSession());
            await interleave();
            seenByOpen.push(currentSession());
            return { parts: [] };
          },
        }),
        log,
      ),
  });
  const inventory = peer.connect(InventoryService);
  await Promise.all(Array.from({ length: 50 }, async () => {
    const { sessionUuid } = iam.openSession();
    const metadata = { [SESSION_UUID_KEY]: sessionUuid };
    const guarded = inventory.getPart({ uuid: "" }, metadata);
    const open = inventory.listParts({ filter: undefined });
    assert.equal((await guarded).response?.part?.name, sessionUuid);
    assert.equal((await open).code, Code.OK);
  }));
  assert.deepEqual(seenByOpen, Array.from({ length: 100 }, () => undefined));
});

Deno.test("a method without declared access requires a session", async () => {
  await using iam = await startFakeIam();
  await using doors = await openGuardedDoors(iam.target);
  const { inventory } = doors;
  const { code } = await inventory.listParts({ filter: undefined });
  assert.equal(code, Code.UNAUTHENTICATED);
});
