import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { canonicalJson } from "../../engine/canonical_json.ts";
import type { Json } from "../../engine/json.ts";
import { cloudSummary, sharedTokens, type SummarizedObject } from "./cloud_summary.ts";
import { killAt, type KillMoment } from "./kill_at_append.ts";
import { planProject } from "../../project/plan_project.ts";
import { verifyProject } from "../../project/verify_project.ts";
import { portsOf } from "./project_ports.ts";
import type { Ran } from "./smelt_process.ts";
import { newProject, type TestProject } from "./test_project.ts";
import { Turns } from "./turns.ts";

/** The flag of the runtime with which the program can be killed at an append. */
export const PRELOAD_KILL = `--preload=${fileURLToPath(new URL("./kill_at_append.ts", import.meta.url))}`;

/** How many projects are killed and repaired at once. */
const WIDTH = 3;

/** How many records fewer a change may append than it did when nothing died. */
const SHARED_AT_MOST = 2;

/** What a run prints that must wait until the absence of an effect counts. */
const WAITS = "settling what an earlier run left";

/** A change that is killed at each of its points: from what the files said to what they say. */
export interface KillScenario {
  readonly name: string;
  /** What has been applied when the change begins; `undefined`: nothing. */
  readonly before: string | undefined;
  readonly after: string;
  /** Names of the objects that live afterwards, sorted; that the undisturbed run does what the test means. */
  readonly live: readonly string[];
  /** How many objects were made and deleted until then. */
  readonly goneCount: number;
}

/** One place where the program dies, or where it is told nothing of what the cloud did. */
export interface KillPoint {
  readonly name: string;
  /** Where in an append it dies; `undefined`: it dies in a call, or need not. */
  readonly moment: KillMoment | undefined;
  readonly end: "killed" | "any";
  readonly env: Readonly<Record<string, string>>;
}

/** What came of a change that was to be killed. */
export interface KillResult {
  readonly scenario: string;
  readonly moment: KillMoment | undefined;
  readonly isKilled: boolean;
  /** What is wrong; empty when all is well. */
  readonly faults: readonly string[];
}

/** A scenario, and what comes of it when nothing dies. */
export interface PreparedScenario extends AsyncDisposable {
  readonly scenario: KillScenario;
  /** As it is before the change; to be copied. */
  readonly project: TestProject;
  /** How many records the change appended. What is ready at one moment shares a record, so it varies by `SHARED_AT_MOST`. */
  readonly appendCount: number;
  readonly wanted: readonly SummarizedObject[];
}

/** Applies `before`, and on a copy of it `after`. */
export async function prepareScenario(scenario: KillScenario): Promise<PreparedScenario> {
  const project = await newProject(scenario.before ?? "");
  if (scenario.before !== undefined) await project.expect(0, ["apply", "--yes"]);
  await project.write("main.smelt", scenario.after);
  await using undisturbed = await project.copy();
  const before = await recordCount(undisturbed);
  await undisturbed.expect(0, ["apply", "--yes", "--parallelism", "1"]);
  const wanted = cloudSummary(await undisturbed.ledger());
  deepStrictEqual(wanted.filter(({ life }) => life === "live").map(({ name }) => name), scenario.live);
  strictEqual(wanted.filter(({ life }) => life === "gone").length, scenario.goneCount);
  return {
    scenario,
    project,
    appendCount: await recordCount(undisturbed) - before,
    wanted,
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  };
}

/**
 * Both sides of each append: the event is not there, or it is and nothing has followed from it. Of each side there are two
 * ways, by turns. The last ones need not come, since what is ready at one moment shares a record.
 */
export function appendPoints(appendCount: number): readonly KillPoint[] {
  return Array.from({ length: appendCount }, (_, index) => index + 1).flatMap((append) => {
    const moments: readonly KillMoment[] = append % 2 === 1 ? ["before", "synced"] : ["torn", "unsynced"];
    return moments.map((moment): KillPoint => ({
      name: `append ${append} ${moment}`,
      moment,
      end: append > appendCount - SHARED_AT_MOST ? "any" : "killed",
      env: { SMELT_TEST_KILL: killAt(append, moment) },
    }));
  });
}

/** Both sides of what the cloud does for the first call of an operation, and a reply that is lost. */
export function callPoints(operation: "create" | "update" | "delete", type: string): readonly KillPoint[] {
  return ["crashBefore", "crashAfter", "loseReply"].map((effect) => ({
    name: `${operation} of ${type} ${effect}`,
    moment: undefined,
    end: effect === "loseReply" ? "any" : "killed",
    env: { SMELT_SIM_FAULTS: JSON.stringify([{ operation, type, nth: 1, effect }]) },
  }));
}

/** The change, killed at one point of it. */
export interface Kill {
  readonly prepared: PreparedScenario;
  readonly point: KillPoint;
}

/** Does each kill on a project of its own, follows it by another run at once, and says what came of it. */
export async function resultsOfKills(kills: readonly Kill[]): Promise<readonly KillResult[]> {
  const turns = new Turns(WIDTH);
  return await Promise.all(kills.map((kill) => turns.take(() => resultOfKill(kill, turns))));
}

async function resultOfKill({ prepared, point }: Kill, turns: Turns): Promise<KillResult> {
  await using project = await prepared.project.copy();
  const options = { flags: [PRELOAD_KILL], env: point.env };
  const killed = await project.run(["apply", "--yes", "--parallelism", "1"], options);
  const isKilled = killed.signal === "SIGKILL";
  const faults = isKilled ? [] : [...survivalFaults(killed, point)];
  faults.push(...faultsOf(await applyAgain(project, turns)));
  faults.push(...await auditFaults(project, point));
  const plan = await planProject(portsOf(project), PLAN);
  if (!plan.ok || plan.value.steps.length > 0) faults.push("another plan is not empty");
  const ledger = await project.ledger();
  const found = cloudText(cloudSummary(ledger));
  const wanted = cloudText(prepared.wanted);
  if (found !== wanted) faults.push(`the cloud holds ${found}, wanted ${wanted}`);
  const shared = sharedTokens(ledger);
  if (shared.length > 0) faults.push(`tokens were used twice: ${shared.join(", ")}`);
  const { name } = prepared.scenario;
  return {
    scenario: name,
    moment: point.moment,
    isKilled,
    faults: faults.map((fault) => `${name}, ${point.name}: ${fault}`),
  };
}

function survivalFaults(ran: Ran, { end }: KillPoint): readonly string[] {
  return end === "killed" ? [`was not killed: ${textOf(ran)}`] : faultsOf(ran);
}

const PLAN = { command: "apply", environment: undefined, files: [], refresh: "all" } as const;

/** While a run waits for absence to count, others take its turn. */
async function applyAgain(project: TestProject, turns: Turns): Promise<Ran> {
  const running = project.start(["apply", "--yes"]);
  const end = running.ended();
  const isWaiting = await Promise.race([
    running.printed(WAITS).then(() => true, () => false),
    end.then(() => false),
  ]);
  if (isWaiting) await turns.giveUpDuring(end);
  return await end;
}

/** By the program where the log was mended or an effect was in doubt; else by what the program calls, which costs no start. */
async function auditFaults(project: TestProject, { env }: KillPoint): Promise<readonly string[]> {
  const isInProcess = env["SMELT_TEST_KILL"]?.endsWith(" torn") === false;
  if (!isInProcess) return faultsOf(await project.run(["audit", "verify"]));
  const report = await verifyProject(portsOf(project), undefined);
  if (!report.ok) return [report.error.message];
  return report.value.checks.filter((each) => each.status !== "ok").map(({ id, detail }) =>
    `${id} ${detail}`
  );
}

function faultsOf(ran: Ran): readonly string[] {
  return ran.code === 0 ? [] : [`ended with ${ran.code}: ${textOf(ran)}`];
}

function textOf({ stdout, stderr }: Ran): string {
  return `${stdout}${stderr}`;
}

function cloudText(objects: readonly SummarizedObject[]): string {
  const json: Json = objects.map(({ name, life, fields }) => ({ name, life, fields }));
  return canonicalJson(json);
}

async function recordCount(project: TestProject): Promise<number> {
  return (await Deno.readTextFile(project.logPath)).split("\n").length - 1;
}
