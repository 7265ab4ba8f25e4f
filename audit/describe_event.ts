import type { EnvironmentEvent, RunStarted, TrustedKey } from "../engine/environment_event.ts";
import { type Event, isResourceEvent } from "../engine/event.ts";
import { policyText } from "../engine/policy_text.ts";
import { unreachable } from "../engine/invariant.ts";
import type { OutcomeResolved, ResourceEvent } from "../engine/resource_event.ts";

/** Says in words what `event` made true. Takes nothing from values of fields, so no secret can be in it. */
export function describeEvent(event: Event): string {
  return isResourceEvent(event) ? describeResource(event) : describeEnvironment(event);
}

function describeEnvironment(event: EnvironmentEvent): string {
  switch (event.type) {
    case "EnvironmentOpened":
      return `opened the environment "${event.environment}", trusting ${
        event.keys.map(describeKey).join(", ")
      }`;
    case "EnvironmentClosed":
      return event.movedTo === undefined
        ? "closed the environment"
        : `closed the environment, moved to ${event.movedTo}`;
    case "KeyTrusted":
      return `trusted the key ${describeKey(event.key)}`;
    case "KeyRevoked": {
      const doubt = event.suspectFrom === undefined ? "" : `, to be doubted from record ${event.suspectFrom}`;
      return `revoked the key ${event.keyId}: ${event.reason}${doubt}`;
    }
    case "RunStarted":
      return describeRun(event);
    case "RunRenewed":
      return "was still running";
    case "RunFinished":
      return `finished: ${event.outcome}`;
    case "RunBroken":
      return event.reason === "lockFree"
        ? `ended the run ${event.run}, whose process was gone`
        : `ended the run ${event.run}, which had been silent too long`;
    case "CheckpointTaken":
      return `took a checkpoint up to record ${event.seq}`;
    case "SecretsRotated":
      return describeRotation(event.active, event.dropped);
    case "SecretRevealed":
      return event.paths.length === 0
        ? "showed the ciphertext of this place in clear"
        : `showed in clear ${event.paths.join(", ")}`;
    case "AccountBound":
      return `bound the provider "${event.provider}" to the account "${event.account}"`;
    case "LogRestored":
      return `accepted the loss of record ${event.lostSeq}, ${event.lostHash}, by a log restored to record ${event.restoredSeq}`;
    case "LossSettled":
      return `said that all is found which the part lost at record ${event.acceptedSeq} had done`;
    case "PolicySet":
      return `set the policy: ${policyText({ approvals: event.approvals, isProtected: event.protected })}`;
    case "PlanApproved": {
      const why = event.why === undefined ? "" : `: ${event.why}`;
      return `approved the plan ${event.plan} by ${event.who}, who had seen record ${event.seq}${why}`;
    }
    default:
      return unreachable(event);
  }
}

function describeResource(event: ResourceEvent): string {
  switch (event.type) {
    case "CreateStarted":
      return event.replaces === undefined
        ? `began to create a ${event.resourceType}`
        : `began to create a ${event.resourceType} in the place of ${event.replaces}`;
    case "CreateAccepted":
      return `was told the id ${event.id} of what is being created`;
    case "Progressed":
      return `has come to: ${event.step}${factsText(event.facts)}`;
    case "CreateSucceeded":
      return `created ${event.id}`;
    case "CreateFailed":
      return `failed to create: ${event.failure.message}`;
    case "UpdateStarted":
      return `began to update ${event.id}`;
    case "UpdateSucceeded":
      return `updated ${event.id}`;
    case "UpdateFailed":
      return `failed to update: ${event.failure.message}`;
    case "DeleteStarted":
      return `began to delete ${event.id}`;
    case "DeleteSucceeded":
      return `deleted ${event.id}`;
    case "DeleteFailed":
      return `failed to delete ${event.id}: ${event.failure.message}`;
    case "OutcomeUnknown":
      return `was left in doubt: ${event.failure.message}`;
    case "OutcomeResolved":
      return describeResolution(event);
    case "Skipped":
      return `was skipped because of ${event.because}: ${event.reason}`;
    case "Observed":
      return event.found === null ? `found ${event.id} gone` : `found ${event.id} changed from outside`;
    case "DriftAccepted":
      return `accepted ${event.id} as it lives`;
    case "Rebound":
      return "noted new dependencies or a new description";
    case "Forgotten":
      return `forgot ${event.id}, which lives on`;
    case "Imported":
      return `took over ${event.id}, which smelt had not made`;
    case "Moved":
      return `took over all that ${event.from} held`;
    case "Tainted":
      return `marked it for replacement: ${event.reason}`;
    case "Untainted":
      return "took back the mark for replacement";
    case "Protected":
      return event.byHand === true ? "protected it by hand" : "protected it";
    case "Unprotected":
      return event.byHand === true ? "took the protection away by hand" : "took the protection away";
    default:
      return unreachable(event);
  }
}

function describeKey(key: TrustedKey): string {
  return `"${key.name}" (${key.roles.join(", ")})`;
}

function describeRun(run: RunStarted): string {
  const why = run.why === undefined ? "" : `: ${run.why}`;
  const resumes = run.resumes === undefined ? "" : `, taking up the run ${run.resumes}`;
  return `started ${run.command} by ${run.who} on ${run.host}${resumes}${why}`;
}

function describeRotation(active: string | undefined, dropped: string | undefined): string {
  const parts = [
    ...(active === undefined ? [] : [`put secrets under the data key ${active} from now on`]),
    ...(dropped === undefined ? [] : [`dropped the data key ${dropped}`]),
  ];
  return parts.join(", ");
}

const EVIDENCE: Readonly<Record<OutcomeResolved["evidence"], string>> = {
  id: "told by its id",
  token: "told by the intent's token",
  name: "told by its unique name",
  resend: "told by sending it again",
  absence: "looked for late enough and not found",
  noWorld: "nothing of its type outlives the process",
  person: "settled by hand",
};

function describeResolution(event: OutcomeResolved): string {
  const outcome = event.outcome === "done" ? "settled as done" : "settled as not done";
  const found = event.found === undefined ? "" : ` with ${event.found.id}`;
  return `${outcome}${found}: ${EVIDENCE[event.evidence]}`;
}

function factsText(facts: Readonly<Record<string, string>>): string {
  const told = Object.entries(facts).map(([name, text]) => `${name} ${text}`);
  return told.length === 0 ? "" : `, ${told.join(", ")}`;
}
