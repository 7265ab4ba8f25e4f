import type { CallFailure, FailureKind } from "../../engine/call_failure.ts";
import type { ImageToolFault } from "../image_tools.ts";
import { inFieldWords } from "./field_words.ts";

/** What a fault means for a call: a registry's answers by their status, never by their words. */
export function imageFailure(
  fault: ImageToolFault & { readonly status?: number },
  certainty: CallFailure["certainty"],
): CallFailure {
  const { details = [], hint, message: main, status = 0 } = inFieldWords(fault);
  const kind = fault.kind === "registry" ? registryKind(status) : OWN_KINDS[fault.kind];
  const message = [main, ...details, ...hint === undefined ? [] : [hint]].join("; ");
  // The client has tried again already what is worth it; what is named by its digest does no harm a second time.
  const isWorthAgain = certainty === "notDone" && (kind === "Transient" || kind === "Throttled");
  return { kind, retry: isWorthAgain ? "safe" : "never", certainty, message };
}

const OWN_KINDS: Readonly<Record<Exclude<ImageToolFault["kind"], "registry">, FailureKind>> = {
  image: "InvalidConfig",
  store: "Internal",
  damage: "Internal",
  permission: "Denied",
  keys: "Auth",
};

function registryKind(status: number): FailureKind {
  switch (status) {
    case 401:
      return "Auth";
    case 403:
      return "Denied";
    case 404:
      return "NotFound";
    case 412:
      return "PreconditionFailed";
    case 413:
      return "QuotaExceeded";
    case 429:
      return "Throttled";
    default:
      return status === 0 || status >= 500 ? "Transient" : "ConstraintViolated";
  }
}
