/**
 * A client that keeps calls to an echo server in flight: `echo_client.ts TARGET IN_FLIGHT`. Prints `loading`
 * when it has begun to call.
 *
 * Commands: `reconnect` closes politely and connects again; `rest` ends all calls and begins no more, `resume` does
 * again; `answered N` is done when N calls begun from then on are answered well; `cancel N` begins N calls and
 * cancels them; `broken` is done when the connection is found broken; `stop` ends the load and reports how it went.
 *
 * @module
 */
import { obey, say } from "./commands.ts";
import { Load } from "./load.ts";

const [target = "", inFlight = ""] = Deno.args;
const load = new Load(target, Number(inFlight));
say("loading");
await obey({
  reconnect: () => load.reconnect(),
  rest: () => load.rest(),
  resume: () => load.resume(),
  answered: (count) => load.answered(Number(count)),
  cancel: (count) => load.cancel(Number(count)),
  broken: () => load.broken(),
  stop: async () => {
    await load.stop();
    return load.report();
  },
});
