import { ok, strictEqual } from "node:assert/strict";
import { executeRun } from "../../actors/engine_run.ts";
import { admit, type Refusal } from "../../engine/admit.ts";
import type { EnvironmentView } from "../../engine/environment.ts";
import type { ResourceState } from "../../engine/resource_state.ts";
import type { Journal } from "../../store/journal_port.ts";
import type { LogBackend } from "../../store/log_backend.ts";
import { SMOOTH } from "../support/toy_cloud.ts";
import { openLab, ToyEngine } from "../support/toy_engine.ts";
import { planToys } from "../support/toy_plan.ts";
import { laxJournal } from "./lax_journal.ts";
import { runSeed } from "./shrink.ts";
import type { Mutant } from "./simulate.ts";

const SEEDS_AT_MOST = 300;

interface Planted {
  readonly mutant: Mutant;
  readonly seen: RegExp;
}

/** What is broken on purpose, each through a port, and what of it the simulation must see. */
const PLANTED: Readonly<Record<string, Planted>> = {
  "acknowledge before durable": {
    mutant: { disk: "acknowledgesEarly" },
    seen: /before its intent was durable|does not verify|no record holds it/,
  },
  "a token used again after its outcome": {
    mutant: {
      random: (random) => {
        let drawCount = 0;
        // The first draw of a life names its run.
        return { bytes: (count) => drawCount++ === 0 ? random.bytes(count) : new Uint8Array(count).fill(7) };
      },
    },
    seen: /has two intents|under a token that has an outcome|bear the token/,
  },
  "a start that does not wake": {
    mutant: { locks: (locks) => ({ ...withMethods(locks), look: () => Promise.resolve("held" as const) }) },
    seen: /still in doubt|does not live|has the (?:size|zone)|no record holds it/,
  },
  "a pending that forgets": {
    mutant: { journal: (journal) => withState(journal, forgetful(journal.state)) },
    seen: /still in doubt|no record holds it|goes round in circles|does not live|has the (?:size|zone)/,
  },
  "admission left out": {
    mutant: { journal: (journal, log) => laxJournal(journal, log, () => undefined) },
    seen: /holds a void|no record holds it|has two intents|under a token that has an outcome/,
  },
  "not done from the first empty list": {
    mutant: {
      provided: ({ schema, provider }) => ({
        provider,
        schema: schema.world === undefined
          ? schema
          : { ...schema, world: { ...schema.world, inProcess: true, settleMs: 0, tokenLifetimeMs: 0 } },
      }),
    },
    seen: /no record holds it|bear the token|still has the deposed object/,
  },
  "taken believed without reading": {
    mutant: { disk: "takenIsOurs" },
    seen: /before its intent was durable|does not verify|no record holds it|goes round in circles/,
  },
  "an unfinished line cut by a reader": {
    mutant: { disk: "readersCut" },
    seen: /before its intent was durable|does not verify|Cannot trust|no record holds it/,
  },
};

for (const [name, { mutant, seen }] of Object.entries(PLANTED)) {
  Deno.test(`planted fault: ${name} is caught`, async () => {
    for (let seed = 1; seed <= SEEDS_AT_MOST; seed++) {
      const { violations } = await runSeed(seed, mutant);
      if (violations.some((each) => seen.test(each))) return;
    }
    ok(isNever(), `${SEEDS_AT_MOST} seeds did not see it`);
  });
}

Deno.test("planted fault: an outcome that needs a live run, a claim and a version is caught", async () => {
  strictEqual(await lateAnswer((journal) => Promise.resolve(journal)), "lives");
  strictEqual(
    await lateAnswer((journal, log) => laxJournal(journal, log, asAnyOther)),
    "is in doubt for ever",
  );
});

/** What becomes of an object that only its maker can know, when the maker's run was ended by others before the answer came. */
async function lateAnswer(
  through: (journal: Journal, log: LogBackend) => Promise<Journal>,
): Promise<"lives" | "is in doubt for ever"> {
  const lab = await openLab();
  lab.cloud.fate = (operation) => ({ ...SMOOTH, commitMs: operation === "create" ? 4_000 : 0 });
  const slow = await ToyEngine.open(lab);
  const journal = await through(slow.journal, lab.log);
  const stack = { "a.x": { type: "toy.None", fields: { name: "x" } } };
  const running = executeRun({ ...slow.world, journal }, planToys(journal, stack));
  await lab.clock.settle();
  const other = await ToyEngine.open(lab);
  const [run = ""] = other.journal.state.liveRuns.keys();
  const broken = { type: "RunBroken", run, reason: "silent" } as const;
  await other.journal.append({ run: "b".repeat(32), events: [broken], decidedOn: new Map() });
  await lab.clock.run(running);
  await other.resolve();
  return other.journal.state.resources.get("a.x")?.object === undefined ? "is in doubt for ever" : "lives";
}

function isNever(): boolean {
  return false;
}

/** Outcomes through claims, liveness and versions, as decisions go. */
function asAnyOther(...[environment, event, context]: Parameters<typeof admit>): Refusal | undefined {
  const isOutcome = /^(?:Create|Update|Delete)(?:Accepted|Succeeded|Failed)$|^OutcomeUnknown$/.test(
    event.type,
  );
  if (isOutcome && environment.liveRuns.get(context.run) === undefined) {
    return { kind: "RunNotLive", run: context.run };
  }
  return admit(environment, event, context);
}

/** Intents of before are not to be seen. */
function forgetful(state: EnvironmentView): EnvironmentView {
  const resources = new Proxy(state.resources, {
    get(target, name) {
      if (name === "get") return (address: string) => withoutIntent(target.get(address));
      if (name === "values") return () => [...target.values()].map(withoutIntent).values();
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return {
    get facts() {
      return state.facts;
    },
    resources,
    keys: state.keys,
    liveRuns: state.liveRuns,
    startedRuns: state.startedRuns,
    owners: state.owners,
    dependents: state.dependents,
    openTokens: new Map([]),
    deniedTokens: new Map([]),
    accounts: state.accounts,
    approvals: state.approvals,
  };
}

function withoutIntent<T extends ResourceState | undefined>(state: T): T {
  return state === undefined ? state : { ...state, intent: undefined };
}

function withState(journal: Journal, state: EnvironmentView): Journal {
  return {
    environment: journal.environment,
    stream: journal.stream,
    get head() {
      return journal.head;
    },
    state,
    append: (batch) => journal.append(batch),
    refresh: () => journal.refresh(),
  };
}

function withMethods(locks: Parameters<NonNullable<Mutant["locks"]>>[0]): typeof locks {
  return {
    take: (run) => locks.take(run),
    look: (run) => locks.look(run),
    forget: (run) => locks.forget(run),
  };
}
