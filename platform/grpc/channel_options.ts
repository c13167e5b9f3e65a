import type { ChannelOptions } from "@grpc/grpc-js";

/**
 * How every gRPC client keeps its connection: a broken one is found within 13 s, and a server whose machine
 * refused meanwhile is dialled within 1.2 s of its return (grpc-js varies a pause by up to a fifth). A machine
 * that answered nothing at all is dialled when the kernel next tries. All times are in milliseconds.
 *
 * `tests/runtime` holds the two times to account. grpc-js does not read `grpc.min_reconnect_backoff_ms`.
 */
export const CHANNEL_OPTIONS: Readonly<ChannelOptions> = {
  // By default 1 s, growing to 2 minutes: a service back after an hour would wait that long for its callers.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 1_000,
  // By default 30 s: a container that comes back under another address would be looked up too late.
  "grpc.dns_min_time_between_resolutions_ms": 1_000,
  // A machine that vanishes closes nothing; only an unanswered ping tells. Idle connections are pinged too,
  // lest the first call after a quiet hour find out.
  "grpc.keepalive_time_ms": 10_000,
  "grpc.keepalive_timeout_ms": 3_000,
  "grpc.keepalive_permit_without_calls": 1,
  // What a machine sets in `http_proxy` is not meant for calls between services.
  "grpc.enable_http_proxy": 0,
  // How we call is decided here, not by a TXT record; asking for one needs the DNS server in `--allow-net`.
  "grpc.service_config_disable_resolution": 1,
};
