import { type Environment, postgresUrl, readConfig } from "@rocket/platform/config";
import { serveHttp } from "@rocket/platform/http";
import { createLogger } from "@rocket/platform/log";
import { type RunningService, runService } from "@rocket/platform/service";

/** A small service; its first argument selects what happens to it, the second is its port, by default any. */
const [scenario, port = "0"] = Deno.args;

const log = createLogger({ service: "small", level: "info", format: "json" });

/** Properties of errors that must not be logged. */
const SECRETS = { metadata: { "session-uuid": "hunter2" } };

async function start(environment: Environment): Promise<RunningService> {
  switch (scenario) {
    case "lacks its configuration":
      readConfig({ url: postgresUrl("IAM_POSTGRES_URL") }, environment);
      break;
    case "finds its port taken":
      await serveHttp(() => new Response(), "127.0.0.1", Number(port));
      break;
    case "faults at start":
      throw Object.assign(
        new TypeError("outer", { cause: Object.assign(new Error("inner"), SECRETS) }),
        SECRETS,
      );
    case "never starts":
      log.info("starting");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
  const server = await serveHttp(answer, "127.0.0.1", Number(port));
  log.info({ port: server.port }, "ready");
  return { log, stopTimeoutMs: 1_000, [Symbol.asyncDispose]: () => stop(server) };
}

async function answer({ url }: Request): Promise<Response> {
  log.info({ path: new URL(url).pathname }, "request received");
  if (scenario === "rejects while running") Promise.reject(Object.assign(new Error("uncaught"), SECRETS));
  if (scenario === "throws while running") {
    setTimeout(() => {
      throw Object.assign(new Error("uncaught"), SECRETS);
    });
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  return new Response("done");
}

async function stop(server: { shutDown(graceMs: number): Promise<void> }): Promise<void> {
  if (scenario === "never stops") await new Promise(() => {});
  if (scenario === "fails to stop") throw Object.assign(new Error("stuck"), SECRETS);
  await server.shutDown(1_000);
}

await runService(start);
