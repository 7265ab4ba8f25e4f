import { applyProject, type ApplyTask } from "../../project/apply_project.ts";
import { acceptTask, REFRESH_TASK, revertTask } from "../../project/drift_plans.ts";
import type { ProjectFailureKind } from "../../project/failure.ts";
import { initProject } from "../../project/init_project.ts";
import type { Moment } from "../../project/log_moment.ts";
import { planProject } from "../../project/plan_project.ts";
import { rollbackTask } from "../../project/rollback_task.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { faultsAlways, faultsAtRest } from "./chaos_checks.ts";
import { editStack, makeStack } from "./chaos_edits.ts";
import { someFaults } from "./chaos_faults.ts";
import { ChaosProject } from "./chaos_project.ts";
import { type ChaosStack, sourceOf } from "./chaos_stack.ts";
import type { StepOutcome } from "../../project/run_progress.ts";
import type { OsWork } from "./os_work.ts";
import { RestClock } from "./rest_clock.ts";

/** Applies after the faults within which nothing may be left to do. */
const QUIET_APPLIES = 4;

const GO_ON = true;

/** What a command may answer while everything goes wrong. */
const EXPECTED: readonly ProjectFailureKind[] = ["RunLive", "Stale", "PlanRefused", "Provider"];

/** How a case ended. */
export interface ChaosResult {
  readonly seed: number;
  readonly violations: readonly string[];
  readonly history: readonly string[];
}

/**
 * A random stack is edited and applied while its cloud fails, people interfere and commands are interrupted or run beside each
 * other. Then the faults stop, and log, cloud and disk must become what the files want, and empty after a destroy.
 */
export async function runChaos(seed: number, work: OsWork): Promise<ChaosResult> {
  const random = new SeededRandom(seed);
  await using project = await ChaosProject.make(new RestClock(work), random.pick([0, 0, 2000]), seed);
  const chaos = new Chaos(project, random);
  await chaos.run();
  return { seed, violations: chaos.violations, history: chaos.history };
}

interface Interruption {
  /** Things that happen before the first interrupt, and before the second. */
  readonly stopAt?: number;
  readonly leaveAt?: number;
}

class Chaos {
  readonly violations: string[] = [];
  readonly history: string[] = [];
  readonly #project: ChaosProject;
  readonly #random: SeededRandom;
  readonly #stack: ChaosStack;
  /** Steps that the cloud's own rules forbid: there is no way back for a disk that has grown. */
  #forbidden = 0;

  constructor(project: ChaosProject, random: SeededRandom) {
    this.#project = project;
    this.#random = random;
    this.#stack = makeStack(random);
  }

  async run(): Promise<void> {
    const made = await initProject(this.#project.ports(), { environment: undefined, name: undefined });
    if (!made.ok) return this.#blame([made.error.message]);
    const stepCount = 2 + this.#random.below(4);
    for (let nth = 0; nth < stepCount && this.violations.length === 0; nth++) await this.#storm(nth);
    if (this.violations.length === 0) await this.#quiet();
    if (this.violations.length === 0) await this.#backAndForth();
    if (this.violations.length === 0) await this.#end();
  }

  /** Files, cloud and people change, and something is run. */
  async #storm(nth: number): Promise<void> {
    const random = this.#random;
    const editCount = nth === 0 ? 0 : random.below(5);
    for (let edit = 0; edit < editCount; edit++) this.#note(editStack(this.#stack, random));
    await this.#project.write(sourceOf(this.#stack));
    const rules = random.percent(70) ? someFaults(random, this.#project.settleMs, `step ${nth}`) : [];
    await this.#project.setFaults(rules);
    this.#note(`faults ${JSON.stringify(rules)}`);
    const touches = nth > 0 && random.percent(35) ? 1 + random.below(2) : 0;
    for (let touch = 0; touch < touches; touch++) this.#note(await this.#project.touch(random));
    if (nth > 0 && random.percent(30)) await this.#turn();
    await this.#disturb();
    this.#blame(await faultsAlways(this.#project));
  }

  async #disturb(): Promise<void> {
    const random = this.#random;
    const stopAt = 1 + random.below(12);
    const roll = random.below(100);
    if (roll < 40) await this.#change("apply");
    else if (roll < 55) await this.#change("apply", { stopAt });
    else if (roll < 65) await this.#change("apply", { stopAt, leaveAt: stopAt + random.below(8) });
    else if (roll < 78) await Promise.all([this.#change("apply"), this.#change("apply", { stopAt })]);
    else if (roll < 85) await Promise.all([this.#change("apply"), this.#change("destroy")]);
    else if (roll < 92) await Promise.all([this.#change("apply"), this.#plan()]);
    else await this.#change("destroy", { stopAt });
  }

  /** Without faults nothing may be left to do soon. */
  async #quiet(): Promise<void> {
    await this.#project.setFaults([]);
    this.#project.clock.jump(120_000);
    for (const each of this.#stack.resources) each.isProtected = false;
    await this.#project.write(sourceOf(this.#stack));
    this.#note("the faults stop");
    if (!await this.#settles("apply")) return this.#blame(["applies come to no end"]);
    this.#blame(await faultsAtRest(this.#project, this.#stack));
  }

  /** Drift and the past are taken for right, or put back, whatever the files say. */
  async #turn(): Promise<void> {
    const random = this.#random;
    const interruption = random.percent(30) ? { stopAt: 1 + random.below(8) } : {};
    await this.#change("apply", interruption, await this.#task());
  }

  async #task(): Promise<ApplyTask> {
    const roll = this.#random.below(100);
    if (roll < 20) return REFRESH_TASK;
    if (roll < 40) return acceptTask(undefined);
    if (roll < 60) return revertTask(undefined);
    return rollbackTask(await this.#moment());
  }

  async #moment(): Promise<Moment> {
    return { kind: "record", seq: 1 + this.#random.below(await this.#project.recordCount()) };
  }

  /** Nothing fails: drift is put back, a past state is true again, and then what the files say. */
  async #backAndForth(): Promise<void> {
    const touches = 1 + this.#random.below(3);
    for (let touch = 0; touch < touches; touch++) this.#note(await this.#project.touch(this.#random));
    if (!await this.#settles("apply", revertTask(undefined))) return this.#blame(["reverts come to no end"]);
    const rollback = rollbackTask(await this.#moment());
    this.#forbidden = 0;
    if (!await this.#settles("apply", rollback) && this.#forbidden === 0) {
      return this.#blame(["rollbacks come to no end"]);
    }
    if (!await this.#settles("apply")) return this.#blame(["applies come to no end after a rollback"]);
    this.#blame(await faultsAtRest(this.#project, this.#stack));
  }

  async #end(): Promise<void> {
    if (!await this.#settles("destroy")) return this.#blame(["destroys come to no end"]);
    this.#blame(await faultsAtRest(this.#project, { resources: [], uses: new Map(), counter: 0 }));
  }

  async #settles(command: "apply" | "destroy", task?: ApplyTask): Promise<boolean> {
    for (let nth = 0; nth < QUIET_APPLIES; nth++) {
      if (await this.#change(command, {}, task) === "empty") return true;
      this.#project.clock.jump(60_000);
    }
    return false;
  }

  async #plan(): Promise<void> {
    const planned = await planProject(this.#project.ports(), {
      command: "apply",
      environment: undefined,
      files: [],
      refresh: "all",
      massGone: "allow",
    });
    if (!planned.ok) this.#blame([`plan: ${planned.error.message}`]);
  }

  async #change(
    command: "apply" | "destroy",
    interruption: Interruption = {},
    task: ApplyTask | undefined = undefined,
  ): Promise<string> {
    const interrupts = countdown(interruption);
    const target = { command, environment: undefined, files: [], task } as const;
    const request = { ...target, refresh: "all", why: undefined, massGone: "allow" } as const;
    const parallelism = this.#random.pick([1, 3, 10]);
    const ended = await applyProject(this.#project.ports(interrupts.tick), { ...request, parallelism }, {
      noticed: () => {},
      repaired: () => this.#blame(["an append has mended a log that nobody has torn"]),
      settled: (result) => this.#note(`  settled: ${JSON.stringify(result)}`),
      refused: (plan) => this.#note(`  refused: ${JSON.stringify(plan.problems)}`),
      approve: () => Promise.resolve(GO_ON),
      progress: (progress) => {
        interrupts.tick();
        if (progress.type === "StepEnded") {
          if (isForbidden(progress.outcome)) this.#forbidden++;
          this.#note(`  ${progress.step.id}: ${JSON.stringify(progress.outcome)}`);
        }
      },
      interrupts,
    });
    const said = `${task?.command ?? command} ${JSON.stringify(interruption)}`;
    if (!ended.ok) {
      this.#note(`${said}: ${ended.error.message}`);
      if (!isExpected(ended.error.kind)) this.#blame([`${said}: ${ended.error.message}`]);
      return ended.error.kind;
    }
    const { value } = ended;
    const end = value.kind === "ran" ? value.run.end : value.kind;
    this.#note(`${said}: ${end}`);
    if (end === "lost" || end === "broken") this.#blame([`${said} is ${end}`]);
    return end;
  }

  #note(line: string): void {
    this.history.push(line);
  }

  #blame(violations: readonly string[]): void {
    this.violations.push(...violations);
  }
}

function isForbidden(outcome: StepOutcome): boolean {
  return outcome.kind === "failed" && outcome.failure.kind === "Call" &&
    outcome.failure.failure.kind === "ConstraintViolated";
}

function isExpected(kind: string): boolean {
  return EXPECTED.some((each) => each === kind);
}

/** Interrupts that come when so many things have happened. */
function countdown({ stopAt, leaveAt }: Interruption) {
  const [stop, leave] = [new AbortController(), new AbortController()];
  let count = 0;
  const tick = () => {
    count++;
    if (count === stopAt) stop.abort(new Error("The operator interrupts"));
    if (count === leaveAt) leave.abort(new Error("The operator interrupts again"));
  };
  return { stop: stop.signal, leave: leave.signal, tick };
}
