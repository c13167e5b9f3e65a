import { get } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { WayUnavailable } from "../errors.ts";
import { statIfThere } from "../exists.ts";

/** The socket of an engine that runs as root. */
export const USUAL_SOCKET = "/var/run/docker.sock";

// An engine answers in milliseconds; on a machine that is busy with other suites it may take some hundreds.
const ANSWER_LIMIT_MS = 1_000;

/** Where a Docker engine is to be expected: at `DOCKER_HOST`, or else at the socket that testcontainers would take. */
export async function findEngine(
  env: Readonly<Record<string, string | undefined>>,
): Promise<URL | undefined> {
  if (env["DOCKER_HOST"]) return new URL(env["DOCKER_HOST"]);
  const [runtime, home] = [env["XDG_RUNTIME_DIR"], env["HOME"]];
  const candidates = [
    USUAL_SOCKET,
    ...(runtime ? [join(runtime, "docker.sock")] : []),
    ...(home ? [join(home, ".docker/run/docker.sock"), join(home, ".docker/desktop/docker.sock")] : []),
  ];
  for (const path of candidates) if ((await statIfThere(path))?.isSocket) return new URL(`unix://${path}`);
  return undefined;
}

/**
 * Finds out, within a second, whether the engine answers.
 *
 * @throws {WayUnavailable} when it does not
 */
export async function probeEngine(engine: URL): Promise<void> {
  try {
    await answers(engine);
  } catch (error) {
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new WayUnavailable(`no engine answers at ${engine.href}: ${reason}`);
  }
}

/** Resolves when the engine answers a ping; behind TLS, which is testcontainers' to speak, when it takes a connection. */
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
  const timer = setTimeout(
    () => reject(new Error(`no answer within ${ANSWER_LIMIT_MS} ms`)),
    ANSWER_LIMIT_MS,
  );
  return promise.finally(() => {
    clearTimeout(timer);
    attempt.destroy();
  });
}
