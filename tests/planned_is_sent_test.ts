import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { PlannedResource } from "../engine/plan.ts";
import { record, type ValueRecord } from "../engine/value.ts";
import { type LayeredStack, layeredStack, STACK_VARIABLES } from "./harness/layered_stack.ts";
import { RecordedProject } from "./harness/recorded_project.ts";
import { printedPlan, printedResults } from "./harness/printed_json.ts";
import { checkJournal } from "./harness/shown_in_journal.ts";
import { checkSent, checkShown } from "./harness/sent_as_planned.ts";
import { emptyProject } from "./harness/test_project.ts";
import { SeededRandom } from "./support/seeded_random.ts";

const SEEDS = 60;
const FILES = ["main.smelt"];

Deno.test(`17: what a plan shows of a resource is what its provider is sent, for ${SEEDS} stacks`, async () => {
  const counts = { create: 0, update: 0, replace: 0 };
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      await checkStack(seed, counts);
    } catch (error) {
      throw new Error(`Seed ${seed}`, { cause: error });
    }
  }
  ok(Math.min(...Object.values(counts)) > SEEDS / 3, `enough of each is sent: ${JSON.stringify(counts)}`);
});

/** How many resources were sent for each action. */
type Counts = Record<"create" | "update" | "replace", number>;

/** Brings each environment up, then changes the layers of one, and compares every plan with the calls of its apply. */
async function checkStack(seed: number, counts: Counts): Promise<void> {
  await using project = await RecordedProject.make(STACK_VARIABLES);
  const first = layeredStack(new SeededRandom(seed), 0);
  await makeProject(project, first);
  const environments = Object.keys(first.environments);
  for (const environment of environments) await checkApply(project, environment, counts);
  await project.write(layeredStack(new SeededRandom(seed), 1).files);
  await checkApply(project, environments[seed % environments.length] ?? "", counts);
}

async function makeProject(project: RecordedProject, { files, environments }: LayeredStack): Promise<void> {
  await project.write(files);
  for (const name of Object.keys(environments)) await project.init(name);
  await project.write({ "smelt.toml": withLines(await project.read("smelt.toml"), { environments }) });
}

/** `smelt.toml` with what a stack says of its environments. */
function withLines(toml: string, { environments }: Pick<LayeredStack, "environments">): string {
  return Object.entries(environments).reduce(
    (text, [name, lines]) => text.replace(`[environments.${name}]\n`, (header) => header + lines),
    toml,
  );
}

async function checkApply(project: RecordedProject, environment: string, counts: Counts): Promise<void> {
  const { plan, problems } = await project.plan(environment, FILES);
  deepStrictEqual(problems, []);
  const shown = await openedFields(project, environment, plan.resources);
  const { result, calls } = await project.apply(environment, FILES);
  if (result.kind === "ran") {
    const { run, ids } = result;
    deepStrictEqual([...run.steps].filter(([, { kind }]) => kind !== "succeeded"), []);
    const sent = new Map(calls.map((call) => [call.object.id, call]));
    const live = (address: string) => project.object(ids.get(address));
    for (const planned of plan.resources.filter(isSent)) {
      const call = sent.get(ids.get(planned.address) ?? "");
      ok(call !== undefined, `${planned.address} is sent`);
      strictEqual(call.operation, planned.action === "update" ? "update" : "create", planned.address);
      strictEqual(call.type, planned.type);
      checkSent(planned, shown.get(planned.address) ?? record(), call, live);
      if (planned.action === "create") checkShown(planned);
      counts[planned.action]++;
    }
    strictEqual(sent.size, plan.resources.filter(isSent).length, "nothing else is sent");
  } else strictEqual(result.kind, "empty");
  const again = await project.plan(environment, FILES);
  deepStrictEqual(
    again.plan.resources.filter(({ action }) => action !== "none"),
    [],
    "a second plan is empty",
  );
}

/** Whether an action sends the fields of a resource to its provider. */
function isSent(planned: PlannedResource): planned is PlannedResource & { readonly action: keyof Counts } {
  return planned.action === "create" || planned.action === "update" || planned.action === "replace";
}

/** The fields that a plan shows, by address, secrets in clear. */
async function openedFields(
  project: RecordedProject,
  environment: string,
  resources: readonly PlannedResource[],
): Promise<ReadonlyMap<string, ValueRecord>> {
  const sent = resources.filter(isSent);
  const opened = await project.opened(environment, sent.map(({ bound }) => bound ?? record()));
  return new Map(sent.map(({ address }, index) => [address, opened[index] ?? record()]));
}

Deno.test("17: what plan --json shows is what the cloud's own journal holds after the apply", async () => {
  await using project = await emptyProject();
  const [first, second] = [0, 1].map((round) => layeredStack(new SeededRandom(7), round));
  ok(first !== undefined && second !== undefined);
  const env = STACK_VARIABLES;
  for (const [path, text] of Object.entries(first.files)) await project.write(path, text);
  for (const name of Object.keys(first.environments)) await project.expect(0, ["init", name]);
  await project.write("smelt.toml", withLines(await project.read("smelt.toml"), first));
  for (const [environment, { files }] of [["dev", first], ["prod", first], ["dev", second]] as const) {
    for (const [path, text] of Object.entries(files)) await project.write(path, text);
    const planned = await project.expect(0, ["plan", environment, ...FILES, "--json"], { env });
    const applied = await project.expect(0, ["apply", environment, ...FILES, "--yes", "--json"], { env });
    checkJournal(printedPlan(planned.stdout), printedResults(applied.stdout), await project.ledger());
  }
  await project.expect(0, ["plan", "dev", ...FILES, "--detailed-exitcode"], { env });
});
