import { get } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import pTimeout from "p-timeout";
import type { Environment } from "../backing.ts";
import { orUnavailable } from "../errors.ts";
import { statIfExists } from "../files.ts";

/** The socket of an engine that runs as root. */
export const USUAL_SOCKET = "/var/run/docker.sock";

// An engine answers in milliseconds; on a busy machine it may take some hundreds.
const ANSWER_LIMIT_MS = 1_000;

/** Finds where a Docker engine should be: at `DOCKER_HOST`, or else at the socket that testcontainers would take. */
export async function findEngine(env: Environment): Promise<URL | undefined> {
  if (env["DOCKER_HOST"]) return new URL(env["DOCKER_HOST"]);
  const [runtime, home] = [env["XDG_RUNTIME_DIR"], env["HOME"]];
  const candidates = [
    USUAL_SOCKET,
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    ...(home ? [join(home, ".docker/run/docker.sock"), join(home, ".docker/desktop/docker.sock")] : []),
  ];
  for (const path of candidates) if ((await statIfExists(path))?.isSocket) return new URL(`unix://${path}`);
  return undefined;
}

/**
 * Checks, within a second, that the engine answers.
 *
 * @throws {WayUnavailable} when it does not
 */
export async function probeEngine(engine: URL): Promise<void> {
  await orUnavailable(`no engine answers at ${engine.href}`, () => answers(engine));
}

/** Resolves when the engine answers a ping; behind TLS, which only testcontainers speaks, when it accepts a connection. */
function answers({ hostname, port, pathname }: URL): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const attempt = hostname === ""
    ? get({ socketPath: pathname, path: "/_ping", agent: false }, (answer) => {
      answer.resume();
      if (answer.statusCode === 200) resolve();
      else reject(new Error(`HTTP ${answer.statusCode}`));
    })
    : connect(Number(port), hostname, resolve);
  attempt.on("error", reject);
  return pTimeout(promise, { milliseconds: ANSWER_LIMIT_MS }).finally(() => attempt.destroy());
}
