const MS_BY_UNIT: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** Reads a `grpc-timeout` header (gRPC over HTTP/2, "Requests"), in milliseconds; `NaN` if it is malformed. */
export function timeoutMs(header: string): number {
  const [, amount, unit = ""] = /^([0-9]{1,8})([HMSmun])$/.exec(header) ?? [];
  return Number(amount) * (MS_BY_UNIT[unit] ?? NaN);
}
