import type { ChannelOptions } from "@grpc/grpc-js";

/**
 * Connection options of every gRPC client. A dead connection is detected within 13 s. A server that refused
 * connections is dialled again within 1.2 s of its return (grpc-js adds up to a fifth of jitter); one that did not
 * answer at all is dialled when the kernel retries. All times are in milliseconds.
 *
 * `tests/runtime` checks both times. grpc-js ignores `grpc.min_reconnect_backoff_ms`.
 */
export const CHANNEL_OPTIONS: Readonly<ChannelOptions> = {
  // The default grows from 1 s to 2 minutes; calls would fail that long after a service is back.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  // The default is 30 s, too long if a container comes back with another address.
  "grpc.dns_min_time_between_resolutions_ms": 1_000,
  // A machine that vanishes closes no connection; only an unanswered ping shows it. Idle connections are pinged too,
  // so that the first call after a quiet hour does not fail.
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 3_000,
  "grpc.keepalive_permit_without_calls": 1,
  // A proxy in `http_proxy` is not meant for calls between services.
  "grpc.enable_http_proxy": 0,
  // No service config from DNS: the TXT lookup would need the DNS server in `--allow-net`.
  "grpc.service_config_disable_resolution": 1,
};
