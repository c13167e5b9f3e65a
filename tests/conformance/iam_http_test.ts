import { iamApi } from "@rocket/proto/iam";
import assert from "node:assert/strict";
import { fetchStalling } from "../support/broken_fetch.ts";
import { fetchIam } from "../support/iam_client.ts";
import { type ConnectIamClient, IAM_TYPED_CLIENTS } from "../support/iam_typed_clients.ts";
import { issueToken } from "../support/mailed_token.ts";
import { readHttpContract } from "../support/openapi.ts";
import { register, registerAndLogIn } from "../support/person.ts";
import { recordFetch } from "../support/recorded_fetch.ts";
import { COSTLY_PASSWORDS, startSystem } from "../support/system.ts";
import { CONDITIONS, HEALTHY, inCondition } from "./condition.ts";
import { type HttpScenario, httpScenarios } from "./iam/http_scenarios.ts";

/** A password queue that a burst fills, and the other scenarios together do not. */
const ENV = { ...COSTLY_PASSWORDS, ARGON2_CONCURRENCY: "1", ARGON2_QUEUE: "24" };

/** More requests than that queue holds. */
const BURST = 64;

Deno.test("IAM answers every typed client as its OpenAPI document says, and in no other way", async (t) => {
  const contract = await readHttpContract("iam");
  await using system = await startSystem({ services: ["iam"], env: ENV });
  const [person, visitor] = [await registerAndLogIn(system), await registerAndLogIn(system)];
  const scenarios = httpScenarios(
    person,
    visitor,
    async (purpose) => await issueToken(system, await register(system), purpose),
  );

  await t.step("every documented answer has a scenario, and no other answer has one", () => {
    const documented = contract.operations.flatMap(({ id, statuses }) => statuses.map((it) => `${id} ${it}`));
    const covered = Object.keys(scenarios).map((name) => name.split(" ").slice(0, 2).join(" "));
    assert.deepEqual(new Set(covered), new Set(documented));
  });

  /** Asks as one of the typed clients, and returns what was on the wire. */
  const askAs = async (
    connect: ConnectIamClient,
    { ask, options: given = {}, isBurst = false, isLeaving = false }: HttpScenario,
    status: number,
  ) => {
    const options = isLeaving
      ? { ...given, sessionUuid: (await registerAndLogIn(system)).sessionUuid }
      : given;
    const answers = await Promise.all(Array.from({ length: isBurst ? BURST : 1 }, async () => {
      const wire = recordFetch(options.fetch);
      const answer = await ask(connect(system.iamUrl, { ...options, fetch: wire.fetch }));
      return { ...answer, wire: wire.lastAnswer() };
    }));
    return answers.find((answer) => answer.status === status) ?? answers[0];
  };
  /** Asks as each typed client: in turn for a burst, which needs the queue to itself, otherwise together. */
  const drive = (scenario: HttpScenario, status: number) => {
    const clients = Object.values(IAM_TYPED_CLIENTS);
    const askNext = (connect: ConnectIamClient) => askAs(connect, scenario, status);
    return scenario.isBurst ? Array.fromAsync(clients, askNext) : Promise.all(clients.map(askNext));
  };
  const assertWell = async () => {
    const { sessionUuid } = person;
    const { login, password } = visitor;
    assert.equal((await fetchIam(system, "/whoami", { sessionUuid })).status, 200);
    assert.equal((await fetchIam(system, "/login", { body: { login, password } })).status, 200);
  };

  for (const condition of CONDITIONS) {
    const here = Object.entries(scenarios).filter(([, { given = HEALTHY }]) => given === condition);
    await t.step(condition, (t) =>
      inCondition(condition, { system, assertWell }, async () => {
        const run = async ([name, scenario]: [string, HttpScenario]) => {
          const [operationId = "", status, reason] = name.split(" ");
          return {
            name,
            operationId,
            reason,
            answers: await drive(scenario, Number(status)),
            status: Number(status),
          };
        };
        // In turn when healthy, because a burst needs the queue to itself; those that wait for a time limit together.
        const waits = here.filter(([, { options }]) =>
          condition !== HEALTHY || options?.fetch === fetchStalling
        );
        const runs = [
          ...await Promise.all(waits.map(run)),
          ...await Array.fromAsync(here.filter((one) => !waits.includes(one)), run),
        ];
        for (const { name, operationId, status, reason, answers } of runs) {
          await t.step(`${name} is answered as documented`, async () => {
            for (const answer of answers) {
              assert.equal(answer?.status, status, JSON.stringify(answer?.body));
              if (status >= 400) assert.equal(iamApi.ErrorBody.parse(answer.body).reason, reason);
              assert.equal(answer.wire.headers.get("Cache-Control"), "no-store");
              assert.deepEqual(await contract.violations(operationId, answer.wire), []);
            }
          });
        }
      }));
  }
});
