import { InvalidConfig, readConfig } from "@rocket/platform/config";
import { Failure } from "@rocket/platform/core";
import { assertSafeRuntime, PINNED_DENO } from "@rocket/platform/runtime";
import { describeSession } from "./demo/describe_session.ts";
import { DEMO_VARIABLES, openDemoSession } from "./demo/open_demo_session.ts";
import { readEnvironment } from "./supervisor/environment.ts";
import { withTargets } from "./supervisor/targets.ts";

assertSafeRuntime(["session"]);

const env = withTargets(await readEnvironment(new URL("../", import.meta.url)));
try {
  const config = readConfig(DEMO_VARIABLES, (name) => env[name]);
  tell(Deno.stdout, describeSession(await openDemoSession(config)));
} catch (error) {
  if (!(error instanceof Failure || error instanceof InvalidConfig)) throw error;
  const advice = `Is everything running? Start it with: npx -y deno@${PINNED_DENO} task dev`;
  tell(Deno.stderr, `${error.message}\n${advice}\n`);
  Deno.exit(1);
}

function tell(where: typeof Deno.stdout | typeof Deno.stderr, text: string): void {
  where.writeSync(new TextEncoder().encode(text));
}
