import { systemClock } from "../../actors/system_clock.ts";
import { canonicalJson } from "../../engine/canonical_json.ts";
import type { Json } from "../../engine/json.ts";
import { cloudSummary, sharedTokens } from "../harness/cloud_summary.ts";
import { newProject, type TestProject } from "../harness/test_project.ts";
import type { Ran } from "../harness/smelt_process.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { crowdSource, type CrowdStack, editCrowd, targetsOf, wantedNames } from "./crowd_stack.ts";

/** How large a crowd is, and how often it comes. */
export interface CrowdSize {
  readonly processCount: number;
  readonly roundCount: number;
  /** Of a hundred processes so many are killed. */
  readonly killedShare: number;
}

/** What came of a crowd. */
export interface CrowdResult {
  /** What must not be; empty when all is well. */
  readonly violations: readonly string[];
  /** How many processes ended how: by exit code, or by their signal. */
  readonly ends: ReadonlyMap<string, number>;
}

/** How a process may end beside others: done, refused since another lives, outdated, partly done, in doubt. */
const FINE_CODES: ReadonlySet<number> = new Set([0, 1, 5, 7, 8]);
/** Milliseconds after its start within which a process of the crowd is killed. */
const KILLED_WITHIN_MS = 900;
const STARTED_WITHIN_MS = 400;
const HEALS_AT_MOST = 4;

/**
 * Lets many processes apply overlapping and disjoint parts of one stack at random moments, some of them killed; between the
 * rounds the files are edited. Then one applies what is left, and log and cloud must hold exactly what the files say.
 */
export async function runCrowd(seed: number, size: CrowdSize): Promise<CrowdResult> {
  const { processCount, roundCount } = size;
  const random = new SeededRandom(seed);
  const ends = new Map<string, number>();
  const violations: string[] = [];
  let stack: CrowdStack = new Map();
  await using project = await newProject("");
  for (let round = 0; round < roundCount; round++) {
    stack = editCrowd(random, stack);
    await project.write("main.smelt", crowdSource(stack));
    const members = Array.from({ length: processCount }, () => drawMember(random, stack, size));
    const rans = await Promise.all(members.map((member) => runMember(project, member)));
    for (const ran of rans) {
      const end = ran.signal ?? String(ran.code);
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (ran.signal !== null ? ran.signal !== "SIGKILL" : !FINE_CODES.has(ran.code)) {
        violations.push(`a process ended with ${end}: ${ran.stderr}`);
      }
      if (/^\s+at .*:\d+/m.test(ran.stderr)) violations.push(`a trace was printed: ${ran.stderr}`);
    }
  }
  violations.push(...await violationsAtRest(project, stack));
  return { violations, ends };
}

/** One process: what it applies, when it starts, and when it dies. */
interface Member {
  readonly targets: readonly string[];
  readonly startsAfterMs: number;
  readonly diesAfterMs: number | undefined;
}

function drawMember(random: SeededRandom, stack: CrowdStack, { killedShare }: CrowdSize): Member {
  return {
    targets: targetsOf(random, stack),
    startsAfterMs: random.below(STARTED_WITHIN_MS),
    diesAfterMs: random.percent(killedShare) ? 150 + random.below(KILLED_WITHIN_MS - 150) : undefined,
  };
}

async function runMember(
  project: TestProject,
  { targets, startsAfterMs, diesAfterMs }: Member,
): Promise<Ran> {
  await systemClock.sleep(startsAfterMs);
  const running = project.start(["apply", "--yes", ...targets.flatMap((each) => ["--target", each])]);
  const ended = running.ended();
  if (diesAfterMs !== undefined) {
    await Promise.race([systemClock.sleep(diesAfterMs), ended]);
    running.kill("SIGKILL");
  }
  return await ended;
}

/** What is wrong once one process alone has applied until nothing is left to do. */
async function violationsAtRest(project: TestProject, stack: CrowdStack): Promise<readonly string[]> {
  const violations: string[] = [];
  for (let nth = 0; nth < HEALS_AT_MOST; nth++) {
    const ran = await project.run(["apply", "--yes"]);
    if (ran.code === 0) break;
    if (nth === HEALS_AT_MOST - 1) {
      violations.push(`applies do not come to an end: ${ran.stdout}${ran.stderr}`);
    }
  }
  for (const args of [["plan", "--detailed-exitcode"], ["audit", "verify"]]) {
    const ran = await project.run(args);
    if (ran.code !== 0) {
      violations.push(`${args.join(" ")} ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
    }
  }
  const ledger = await project.ledger();
  const live = cloudSummary(ledger).filter((each) => each.life === "live");
  const found = canonicalJson(live.map((each) => each.name));
  const wanted: Json = [...wantedNames(stack)];
  if (found !== canonicalJson(wanted)) {
    violations.push(`the cloud holds ${found}, the files say ${canonicalJson(wanted)}`);
  }
  const shared = sharedTokens(ledger);
  if (shared.length > 0) violations.push(`tokens were used twice: ${shared.join(", ")}`);
  const { stdout } = await project.run(["runs"]);
  if (!stdout.startsWith("No run is live")) violations.push(`runs are left over: ${stdout}`);
  return violations;
}
