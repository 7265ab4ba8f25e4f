import type { Refusal } from "../engine/admit.ts";
import type { RunState } from "../engine/environment.ts";
import { shortCommand } from "../engine/given_up_secrets.ts";
import { unreachable } from "../engine/invariant.ts";

/** Why the log took no event, in one sentence without its capital, to follow a colon. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.kind) {
    case "NotOpened":
      return "the environment has no first record: run smelt init";
    case "AlreadyOpened":
      return "the environment already has a first record";
    case "EnvironmentClosed":
      return "the environment has been closed: nothing can be written to its log any more";
    case "EnvironmentInUse":
      return refusal.runs.length > 0
        ? `the run ${refusal.runs.map(shortId).join(", ")} is still at work in the environment`
        : `the log still holds ${refusal.addresses.join(", ")}`;
    case "KeyNotTrusted":
      return `the key ${
        shortId(refusal.keyId)
      } is not trusted to sign this: it takes the role "${refusal.role}"`;
    case "LastAdmin":
      return `the key ${shortId(refusal.keyId)} is the last one with the role "admin": it cannot be revoked`;
    case "NotApproved":
      return refusal.plan === undefined
        ? `the environment takes ${counted(refusal.wanted, "approval")} of a saved plan, and this is none`
        : `the plan has ${
          counted(refusal.found, "approval")
        } that counts, and the environment takes ${refusal.wanted}`;
    case "OwnPlan":
      return `the key ${shortId(refusal.keyId)} has signed the plan: another one must approve it`;
    case "PlanUsed":
      return `the run ${shortId(refusal.run)} has started with this plan, and used its approvals up`;
    case "RunNotLive":
      return `the run ${
        shortId(refusal.run)
      } has ended or was declared dead by another: it may write no more`;
    case "RunOfOther":
      return `the run ${shortId(refusal.run)} is of the key ${
        shortId(refusal.keyId)
      }, which has started it: no other key writes in it`;
    case "RunExists":
      return `the run ${shortId(refusal.run)} has already started`;
    case "ClaimTaken":
      return claimText(refusal);
    case "NotClaimed":
      return `the run did not claim ${refusal.address} when it started`;
    case "VersionMoved":
      return `${refusal.address} has changed since it was decided on: found version ${refusal.found}, wanted ${refusal.decidedOn}`;
    case "TokenUsed":
      return `the token ${shortId(refusal.token)} for ${refusal.address} has been used before`;
    case "TokenNotOpen":
      return `no call to ${refusal.address} is open under the token ${
        shortId(refusal.token)
      }: its outcome is already in the log`;
    case "IntentOpen":
      return `an earlier call to ${refusal.address} is still open: it must be settled first`;
    case "ResourceProtected":
      return `${refusal.address} is protected: it cannot be deleted or replaced`;
    case "DeleteUnderWay":
      return `${refusal.address} is being deleted: it is too late to protect it`;
    case "NoSuchObject":
      return `${refusal.address} has no object "${refusal.id}"`;
    case "DependentsRemain":
      return `${refusal.dependents.join(", ")} still ${
        refusal.dependents.length === 1 ? "relies" : "rely"
      } on ${refusal.address}`;
    case "AlreadyLives":
      return `${refusal.address} already lives as "${refusal.id}"`;
    case "SharedId":
      return `the object "${refusal.id}" of ${refusal.address} also belongs to ${
        refusal.holders.filter((holder) => holder !== refusal.address).join(", ")
      }: two addresses cannot own one object`;
    case "DataKeyActive":
      return `secrets are under the data key ${shortId(refusal.dataKey)}: it cannot be dropped`;
    case "OldDataKey":
      return `a secret of ${refusal.address} is sealed under a key that is no longer active: run it again`;
    case "NoLoss":
      return `record ${refusal.seq} is none whose loss could be accepted or settled here`;
    case "OtherAccount":
      return `the provider "${refusal.provider}" reaches the account "${refusal.found}", the environment is bound to "${refusal.bound}"`;
    default:
      return unreachable(refusal);
  }
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

function claimText({ holder, addresses }: Refusal & { readonly kind: "ClaimTaken" }): string {
  return `${holderText(holder)} holds ${addresses.join(", ")}`;
}

/** A run that holds what another needs, for example `apply by ann@laptop on laptop since 2026-01-02T03:04:05.000Z (run 1a2b3c4d)`. */
export function holderText({ started, startedAt }: RunState): string {
  const { command, who, host, run } = started;
  return `${shortCommand(command)} by ${who} on ${host} since ${startedAt} (run ${shortId(run)})`;
}

function shortId(id: string): string {
  return id.slice(0, 8);
}
