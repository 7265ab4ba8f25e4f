import { judgeApprovals, type JudgedApproval } from "../engine/approvals.ts";
import { randomId } from "../engine/random.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ApplyListener, ApprovedEnvironment } from "./apply_project.ts";
import type { ProjectFailure } from "./failure.ts";
import { movedRefusal, type OpenedPlan, openSavedPlan } from "./open_saved_plan.ts";
import type { PreparedPlan } from "./prepare_plan.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { ReadEnvironment } from "./read_environment.ts";
import { refusalText } from "./refusal_text.ts";
import type { UntrustedPlanFile } from "./saved_plan_file.ts";
import { usedRefusal } from "./used_refusal.ts";
import { withSavedPlan } from "./with_saved_plan.ts";
import { checkWhy } from "./said_secret.ts";

/** Which plan to approve. */
export interface ApprovalRequest {
  /** The file, relative to the working folder. */
  readonly path: string;
  /** The one that the plan is for when `undefined`; another one is refused. */
  readonly environment: string | undefined;
  /** Kept in the signed log. */
  readonly why: string | undefined;
}

/** A plan, as whoever is to approve it sees it. */
export type ApprovablePlan = Pick<
  PreparedPlan,
  "plan" | "summary" | "registry" | "purpose" | "steps" | "terms"
>;

/** Who is asked and told. */
export interface ApprovalListener extends Pick<ApplyListener, "repaired" | "noticed"> {
  /** The plan is what was signed, and still holds; `false` leaves it unapproved. */
  approve(plan: ApprovablePlan, environment: ApprovedEnvironment): Promise<boolean>;
}

/** What is known of the approvals of a plan. */
export interface ApprovalTally {
  readonly environment: string;
  /** BLAKE3 of the bytes of the plan that were signed. */
  readonly plan: string;
  /** How many the environment asks for. */
  readonly wanted: number;
  /** Those that there are, judged for a run by the key that signed the plan. */
  readonly given: readonly (JudgedApproval & { readonly keyName: string })[];
}

/** How it ended. `unchanged`: the key had approved it before. */
export type ApprovalResult =
  | { readonly kind: "declined" }
  | {
    readonly kind: "approved" | "unchanged";
    readonly tally: ApprovalTally;
    /** What is approved. */
    readonly approved: ApprovablePlan;
  };

/**
 * Approves a saved plan: whoever holds the key that signs here has seen what the file says, and is for it. The plan must be as
 * another key signed it, and still hold.
 */
export async function approvePlan(
  ports: ProjectPorts,
  request: ApprovalRequest,
  listener: ApprovalListener,
): Promise<Result<ApprovalResult, ProjectFailure>> {
  return await withSavedPlan(
    ports,
    { ...request, role: "approve" },
    listener,
    (opened, file) => approveOpened(ports, opened, { request, file, listener }),
  );
}

interface Approving {
  readonly request: ApprovalRequest;
  readonly file: UntrustedPlanFile;
  readonly listener: ApprovalListener;
}

async function approveOpened(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { request, file, listener }: Approving,
): Promise<Result<ApprovalResult, ProjectFailure>> {
  const { name, isProtected, environment, workspace } = opened;
  const { journal, signingKey } = environment;
  const checked = await openSavedPlan(ports, opened, file);
  if (!checked.ok) return checked;
  const { work, by, digest, terms } = checked.value;
  if (by === signingKey) return err(ownPlan(file));
  const used = await usedRefusal(ports, opened, { path: file.path, digest });
  if (used !== undefined) return err(used);
  const moved = movedRefusal(file, work.plan, journal.state);
  if (moved !== undefined) return err(moved);
  const isGiven = () => journal.state.approvals.get(digest)?.some((each) => each.keyId === signingKey);
  const shown = { ...work, registry: ports.registry(workspace.paths), terms };
  if (isGiven()) return ok({ kind: "unchanged", tally: tallyOf(opened, checked.value), approved: shown });
  const said = await checkWhy(environment, request.why);
  if (!said.ok) return said;
  const seen = journal.head;
  if (!await listener.approve(shown, { name, isProtected })) return ok({ kind: "declined" });
  const event = {
    type: "PlanApproved",
    plan: digest,
    plannedBy: by,
    seq: seen.seq,
    hash: seen.hash,
    who: ports.who,
    ...(request.why === undefined ? {} : { why: request.why }),
  } as const;
  const answer = await journal.append({ run: randomId(ports.random), events: [event], decidedOn: new Map() });
  if (!answer.ok) {
    return err({ kind: "Unapproved", message: `The plan was not approved: ${refusalText(answer.error)}` });
  }
  return ok({ kind: "approved", tally: tallyOf(opened, checked.value), approved: shown });
}

function tallyOf(
  { name, policy, environment: { journal: { state } } }: ReadEnvironment,
  { digest, by }: OpenedPlan,
): ApprovalTally {
  const given = judgeApprovals(state, digest, { runBy: by, plannedBy: by }).map((each) => ({
    ...each,
    keyName: state.keys.get(each.keyId)?.key.name ?? "unknown",
  }));
  return { environment: name, plan: digest, wanted: policy.approvals, given };
}

function ownPlan({ path }: UntrustedPlanFile): ProjectFailure {
  return {
    kind: "Unapproved",
    message: `Cannot approve the plan in "${path}" with the key that signed it: another one must`,
    hint: "SMELT_KEY says which key signs; who has made a plan cannot approve it too",
  };
}
