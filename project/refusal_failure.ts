import type { Refusal } from "../engine/admit.ts";
import type { ProjectFailure, ProjectFailureKind } from "./failure.ts";
import { holderText, refusalText } from "./refusal_text.ts";

const SHOWN_ADDRESSES = 5;

/** Why the log did not let a run start, as the failure of a command. */
export function refusalFailure(refusal: Refusal): ProjectFailure {
  if (refusal.kind === "ClaimTaken") return claimFailure(refusal);
  const failure = { kind: failureKind(refusal), message: `The run cannot start: ${refusalText(refusal)}` };
  return refusal.kind === "OtherAccount"
    ? { ...failure, hint: "Use the credentials of that account" }
    : failure;
}

function claimFailure({ holder, addresses }: Refusal & { readonly kind: "ClaimTaken" }): ProjectFailure {
  const shown = addresses.slice(0, SHOWN_ADDRESSES).join(", ");
  const hiddenCount = addresses.length - SHOWN_ADDRESSES;
  const more = hiddenCount > 0 ? ` and ${hiddenCount} more` : "";
  return {
    kind: "RunLive",
    message: `Another run holds what this one needs: ${holderText(holder)}`,
    details: [`run ${holder.started.run}`, `shared: ${shown}${more}`],
    hint: "Wait for its end, then plan again",
  };
}

function failureKind({ kind }: Refusal): ProjectFailureKind {
  switch (kind) {
    case "KeyNotTrusted":
      return "Keys";
    case "NotApproved":
    case "OwnPlan":
    case "PlanUsed":
      return "Unapproved";
    case "OtherAccount":
      return "Provider";
    default:
      return "Store";
  }
}
