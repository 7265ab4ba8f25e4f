import type { Refusal } from "../engine/admit.ts";
import type { ProjectFailure } from "./failure.ts";

const SHOWN_ADDRESSES = 5;

/** Why the log did not let a run start, for people. */
export function refusalFailure(refusal: Refusal): ProjectFailure {
  switch (refusal.kind) {
    case "ClaimTaken": {
      const { run, host, who, command } = refusal.holder.started;
      const shown = refusal.addresses.slice(0, SHOWN_ADDRESSES).join(", ");
      const more = refusal.addresses.length > SHOWN_ADDRESSES
        ? ` and ${refusal.addresses.length - SHOWN_ADDRESSES} more`
        : "";
      return {
        kind: "RunLive",
        message:
          `Another run holds what this one needs: ${command} by ${who} on ${host} since ${refusal.holder.startedAt}`,
        details: [`run ${run}`, `shared: ${shown}${more}`],
        hint: "Wait for its end, then plan again",
      };
    }
    case "KeyNotTrusted":
      return {
        kind: "Keys",
        message: `The log does not trust this key with the role "${refusal.role}": ${refusal.keyId}`,
      };
    case "EnvironmentClosed":
      return { kind: "Store", message: "The environment is closed: nothing can be changed in it any more" };
    case "OtherAccount":
      return {
        kind: "Provider",
        message:
          `The provider "${refusal.provider}" reaches the account "${refusal.found}", and this environment is bound to "${refusal.bound}"`,
        hint: "Use the credentials of that account",
      };
    default:
      return { kind: "Store", message: `The log does not admit this run: ${refusal.kind}` };
  }
}
