import type { Refusal } from "../engine/admit.ts";
import { formatPosition } from "../engine/position.ts";
import type { OpenIntent } from "../engine/resource_state.ts";
import { compareText } from "../engine/text_order.ts";
import type { LogFold, VoidEvent } from "../store/log_fold.ts";
import {
  type AuditCheck,
  counted,
  type DeposedEntry,
  type OpenIntentEntry,
  passed,
  warned,
} from "./audit_report.ts";

/** Refusals that concern a run: it was not live, or had not claimed what it wrote. */
const OF_RUNS: readonly Refusal["kind"][] = [
  "NotOpened",
  "AlreadyOpened",
  "EnvironmentClosed",
  "EnvironmentInUse",
  "RunNotLive",
  "RunOfOther",
  "RunExists",
  "ClaimTaken",
  "NotClaimed",
  "NotApproved",
  "PlanUsed",
];

/** Refusals that concern an intent: its token was taken, or had its outcome already. */
const OF_INTENTS: readonly Refusal["kind"][] = ["TokenUsed", "TokenNotOpen"];

/** Intents without an outcome, by address in code-point order. */
export function openIntents(fold: LogFold): readonly OpenIntentEntry[] {
  const { liveRuns, resources } = fold.environment;
  const entries: OpenIntentEntry[] = [];
  for (const [address, { intent }] of resources.durable) {
    if (intent === undefined) continue;
    const { run, started } = intent;
    const isRunLive = liveRuns.durable.has(run);
    entries.push({ address, token: started.token, operation: operationOf(intent), run, isRunLive });
  }
  return entries.sort((one, other) => compareText(one.address, other.address));
}

/** Deposed objects, by address in code-point order. */
export function deposedObjects(fold: LogFold): readonly DeposedEntry[] {
  const entries: DeposedEntry[] = [];
  for (const [address, { deposed }] of fold.environment.resources.durable) {
    for (const { object, reason } of deposed) entries.push({ address, id: object.id, reason });
  }
  return entries.sort((one, other) => compareText(one.address, other.address));
}

/** V7. */
export function runCheck(voids: readonly VoidEvent[]): AuditCheck {
  return voidCheck("V7", "Every event is of a live run", voids.filter(({ refusal }) => isOfRuns(refusal)));
}

/** V8. Open intents and late objects are no damage: the next run settles them. */
export function intentCheck(
  voids: readonly VoidEvent[],
  intents: readonly OpenIntentEntry[],
  fold: LogFold,
): AuditCheck {
  const late = deposedObjects(fold).filter((each) => each.reason === "late");
  const findings = [
    ...voids.filter(({ refusal }) => isOfIntents(refusal)).map(describeVoid),
    ...intents.map(describeIntent),
    ...late.map(({ address, id }) =>
      `${address}: ${id} came to light after its creation was held for not done`
    ),
  ];
  if (findings.length === 0) return passed("V8", "No intent is open, and none has a second outcome");
  const open = counted(intents.length, "open intent");
  return warned("V8", `${open}, ${counted(findings.length - intents.length, "contradiction")}`, findings);
}

/** V9. */
export function transitionCheck(voids: readonly VoidEvent[]): AuditCheck {
  const others = voids.filter(({ refusal }) => !isOfRuns(refusal) && !isOfIntents(refusal));
  return voidCheck("V9", "The fold took every event", others);
}

function voidCheck(id: "V7" | "V9", detail: string, voids: readonly VoidEvent[]): AuditCheck {
  if (voids.length === 0) return passed(id, detail);
  return warned(id, `${counted(voids.length, "void event")}, which the fold skips`, voids.map(describeVoid));
}

function describeVoid({ position, refusal, type }: VoidEvent): string {
  const address = "address" in refusal ? ` of ${refusal.address}` : "";
  return `record ${formatPosition(position)}: ${type}${address} is void (${refusal.kind})`;
}

function describeIntent({ address, isRunLive, operation, run }: OpenIntentEntry): string {
  return isRunLive
    ? `${address}: the ${operation} of the run ${run}, which still lives, is under way`
    : `${address}: what the ${operation} of the run ${run}, which is over, did is in doubt`;
}

function operationOf({ started }: OpenIntent): OpenIntentEntry["operation"] {
  switch (started.type) {
    case "CreateStarted":
      return "create";
    case "UpdateStarted":
      return "update";
    case "DeleteStarted":
      return "delete";
  }
}

function isOfRuns(refusal: Refusal): boolean {
  return OF_RUNS.includes(refusal.kind);
}

function isOfIntents(refusal: Refusal): boolean {
  return OF_INTENTS.includes(refusal.kind);
}
