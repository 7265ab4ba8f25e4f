import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { canonicalJson } from "../../engine/canonical_json.ts";
import type { Json } from "../../engine/json.ts";
import { cloudSummary, sharedTokens, type SummarizedObject } from "./cloud_summary.ts";
import { inParallel } from "./in_parallel.ts";
import { killAt, type KillMoment } from "./kill_at_append.ts";
import { newProject, type TestProject } from "./test_project.ts";

const PRELOAD = `--preload=${fileURLToPath(new URL("./kill_at_append.ts", import.meta.url))}`;

/** How many projects are killed and repaired at once. */
const WIDTH = 3;

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
  readonly end: "killed" | "any";
  readonly env: Readonly<Record<string, string>>;
}

/** A scenario, and what comes of it when nothing dies. */
export interface PreparedScenario extends AsyncDisposable {
  readonly scenario: KillScenario;
  /** As it is before the change; to be copied. */
  readonly project: TestProject;
  /** How many records the change appends, one step after the other. */
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

/** Both sides of each append: the event is not there, or it is and nothing has followed from it. Of each, two ways by turns. */
export function appendPoints(appendCount: number): readonly KillPoint[] {
  return Array.from({ length: appendCount }, (_, index) => index + 1).flatMap((append) => {
    const moments: readonly KillMoment[] = append % 2 === 1 ? ["before", "synced"] : ["torn", "unsynced"];
    return moments.map((moment) => ({
      name: `append ${append} ${moment}`,
      end: "killed",
      env: { SMELT_TEST_KILL: killAt(append, moment) },
    }));
  });
}

/** Both sides of what the cloud does for the first call of an operation, and a reply that is lost. */
export function callPoints(operation: "create" | "update" | "delete", type: string): readonly KillPoint[] {
  return ["crashBefore", "crashAfter", "loseReply"].map((effect) => ({
    name: `${operation} of ${type} ${effect}`,
    end: effect === "loseReply" ? "any" : "killed",
    env: { SMELT_SIM_FAULTS: JSON.stringify([{ operation, type, nth: 1, effect }]) },
  }));
}

/** Runs the change once for each point on a project of its own, each followed at once by another run, and says what is wrong. */
export async function faultsOfKills(
  prepared: PreparedScenario,
  points: readonly KillPoint[],
): Promise<readonly string[]> {
  const faults = await inParallel(points, WIDTH, async (point) => {
    await using project = await prepared.project.copy();
    const killed = await project.run(["apply", "--yes", "--parallelism", "1"], {
      flags: [PRELOAD],
      env: point.env,
    });
    const found = point.end === "any" || killed.signal === "SIGKILL"
      ? []
      : [`was not killed: ${killed.stdout}${killed.stderr}`];
    return [...found, ...await faultsAfterNextRun(project, prepared.wanted)]
      .map((fault) => `${prepared.scenario.name}, ${point.name}: ${fault}`);
  });
  return faults.flat();
}

/** Applies once more, and says where the cloud, the log or the plan is not as if nothing had died. */
export async function faultsAfterNextRun(
  project: TestProject,
  wanted: readonly SummarizedObject[],
): Promise<readonly string[]> {
  const faults: string[] = [];
  const commands = [["apply", "--yes"], ["audit", "verify"], ["plan", "--detailed-exitcode"]];
  for (const args of commands) {
    const ran = await project.run(args);
    if (ran.code !== 0) faults.push(`${args.join(" ")} ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
  }
  const ledger = await project.ledger();
  const found = cloudSummary(ledger);
  if (textOf(found) !== textOf(wanted)) {
    faults.push(`the cloud holds ${textOf(found)}, wanted ${textOf(wanted)}`);
  }
  const shared = sharedTokens(ledger);
  if (shared.length > 0) faults.push(`tokens were used twice: ${shared.join(", ")}`);
  return faults;
}

function textOf(objects: readonly SummarizedObject[]): string {
  const json: Json = objects.map(({ name, life, fields }) => ({ name, life, fields }));
  return canonicalJson(json);
}

async function recordCount(project: TestProject): Promise<number> {
  return (await Deno.readTextFile(project.logPath)).split("\n").length - 1;
}
