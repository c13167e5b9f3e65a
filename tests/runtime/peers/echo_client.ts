/**
 * A client that keeps calls to an echo server in flight: `echo_client.ts TARGET IN_FLIGHT`. Prints `loading`
 * once it has started to call.
 *
 * Commands: `reconnect` closes the connection gracefully and opens a new one; `pause` waits for all calls to end and
 * starts no more until `resume`; `succeed N` returns when N calls started after it have succeeded; `cancel N` starts N
 * calls and cancels them; `broken` returns when the connection is found broken; `stop` stops and returns a report.
 *
 * @module
 */
import { printEvent, runCommands } from "./commands.ts";
import { Load } from "./load.ts";

const [target = "", inFlight = ""] = Deno.args;
const load = new Load(target, Number(inFlight));
printEvent("loading");
await runCommands({
  reconnect: () => load.reconnect(),
  pause: () => load.pause(),
  resume: () => load.resume(),
  succeed: (count) => load.succeed(Number(count)),
  cancel: (count) => load.cancel(Number(count)),
  broken: () => load.waitUntilBroken(),
  stop: async () => {
    await load.stop();
    return load.report();
  },
});
