import type { Logger } from "../log/logger.ts";
import { PLAINTEXT } from "./common_variables.ts";
import { type Config, valuesOf, type Variables } from "./config.ts";

/** Warns, in one line, if a service speaks without TLS beyond this machine; `PLAINTEXT=allow` lets it. */
export function warnOfPlaintext<Spec extends Variables>(spec: Spec, config: Config<Spec>, log: Logger): void {
  const valueOf = valuesOf(spec, config);
  const variables = Object.entries(spec)
    .filter(([key, variable]) => variable.plaintextWithout?.(config[key], valueOf) !== undefined)
    .map(([, { name }]) => name);
  if (variables.length === 0) return;
  log.warn({ variables }, `${PLAINTEXT.name}=allow: passwords, sessions and tokens are sent without TLS`);
}
