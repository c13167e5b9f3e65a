import type { Logger } from "@rocket/platform/log";
import { listen, type ListenOptions } from "@rocket/platform/postgres";

/** The changes of orders' statuses, whichever replica makes them. */
export interface StatusChanges {
  /** Calls back whenever the order's status may have changed, until the result is disposed. */
  watch(orderUuid: string, onChange: () => void): Disposable;
}

/** Creates the changes, heard from PostgreSQL. */
export function createStatusChanges(url: ListenOptions["url"], log: Logger): StatusChanges & AsyncDisposable {
  const watchers = new Map<string, Set<() => void>>();
  const listener = listen({
    url,
    channel: "order_status",
    onNotification: (orderUuid) => watchers.get(orderUuid)?.forEach((onChange) => onChange()),
    onListening: () => watchers.forEach((ofOrder) => ofOrder.forEach((onChange) => onChange())),
    log,
  });
  return {
    watch(orderUuid, onChange) {
      const ofOrder = watchers.get(orderUuid) ?? new Set();
      watchers.set(orderUuid, ofOrder.add(onChange));
      return {
        [Symbol.dispose]() {
          ofOrder.delete(onChange);
          if (ofOrder.size === 0 && watchers.get(orderUuid) === ofOrder) watchers.delete(orderUuid);
        },
      };
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}
