import { type ApprovalFlaw, judgeApprovals, type JudgedApproval } from "../engine/approvals.ts";
import type { ChangePolicy, EnvironmentView } from "../engine/environment.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { ReadEnvironment } from "./read_environment.ts";
import type { EnvironmentConfig } from "./smelt_toml_environment.ts";
import { usedRefusal } from "./used_refusal.ts";

type Written = Pick<EnvironmentConfig, "approvals" | "isProtected">;

/** What a change takes: the stricter of what `smelt.toml` and the log say. */
export function stricterPolicy(written: Written, logged: ChangePolicy): ChangePolicy {
  return {
    approvals: Math.max(written.approvals ?? 0, logged.approvals),
    isProtected: written.isProtected || logged.isProtected,
  };
}

/** A file that asks for less than the log: editing it is not how a policy ends. */
export function loweredPolicy(
  name: string,
  written: Written,
  logged: ChangePolicy,
): ProjectFailure | undefined {
  const details = [
    ...(written.approvals ?? 0) < logged.approvals
      ? [`approvals: found ${written.approvals ?? "none"}, the log has ${logged.approvals}`]
      : [],
    ...logged.isProtected && !written.isProtected ? ["protected: found false, the log has true"] : [],
  ];
  if (details.length === 0) return undefined;
  return {
    kind: "Unapproved",
    message: `Cannot change "${name}": smelt.toml asks for less than the policy in its log`,
    details,
    hint:
      `Write back what the log has; an admin sets another policy, for example: smelt env policy ${name} --approvals 0`,
  };
}

/** Where changes take approvals, one without a saved plan is refused, as nobody can have approved it. */
export function unplannedRefusal(
  { name, policy }: Pick<ReadEnvironment, "name" | "policy">,
  command: string,
): ProjectFailure | undefined {
  if (policy.approvals === 0) return undefined;
  return {
    kind: "Unapproved",
    message: `Cannot ${command} in "${name}": a change takes a saved plan with ${
      approvalCount(policy.approvals)
    }`,
    hint:
      `smelt plan ${name} --out FILE, smelt plan approve FILE by others, then smelt apply --plan-file FILE`,
  };
}

/** A saved plan, as approvals name it. */
export interface NamedPlan {
  readonly path: string;
  /** BLAKE3 of the bytes that were signed. */
  readonly digest: string;
  /** The key that signed it, by id. */
  readonly by: string;
}

/** Why a plan cannot be carried out yet: approvals that are missing, or that another run has used up. */
export async function unapprovedRefusal(
  ports: ProjectPorts,
  opened: ReadEnvironment,
  { path, digest, by }: NamedPlan,
): Promise<ProjectFailure | undefined> {
  const { name, policy, environment } = opened;
  const { state } = environment.journal;
  const used = policy.approvals === 0 ? undefined : await usedRefusal(ports, opened, { path, digest });
  if (used !== undefined) return used;
  const given = judgeApprovals(state, digest, { runBy: environment.signingKey ?? "", plannedBy: by });
  const missing = policy.approvals - given.filter((each) => each.flaw === undefined).length;
  if (missing <= 0) return undefined;
  return {
    kind: "Unapproved",
    message: `The plan in "${path}" lacks ${
      approvalCount(missing)
    } of ${policy.approvals}: nothing was changed`,
    details: given.map((each) => approvalText(state, each)),
    hint: `smelt plan approve ${path} ${name}, with a key that has the role "approve"`,
  };
}

/** An approval in words, and why it does not count. */
export function approvalText({ keys }: Pick<EnvironmentView, "keys">, approval: JudgedApproval): string {
  const { keyId, seq, flaw } = approval;
  const key = `"${keys.get(keyId)?.key.name ?? "unknown"}" (${keyId.slice(0, 8)})`;
  return `approved by ${key} in record ${seq}${
    flaw === undefined ? "" : `, which does not count: ${FLAWS[flaw]}`
  }`;
}

const FLAWS: Readonly<Record<ApprovalFlaw, string>> = {
  used: "a run has started with it",
  revoked: "the key was revoked",
  noRole: 'the key has the role "approve" no more',
  ownPlan: "the key is the one that signed the plan",
  ownRun: "the key is the one that would carry it out",
};

/** A count with its noun. */
export function approvalCount(count: number): string {
  return count === 1 ? "1 approval" : `${count} approvals`;
}
