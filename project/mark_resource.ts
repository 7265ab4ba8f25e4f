import { ok } from "../engine/result.ts";
import {
  changeByHand,
  type HandDecision,
  type HandListener,
  type HandRequest,
  type HandResult,
  type HandView,
  heldState,
} from "./change_by_hand.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";
import type { Result } from "../engine/result.ts";

/** What a person can say of a resource without touching its object. */
export type ResourceMark = "taint" | "untaint" | "protect" | "unprotect";

/** Which resource, and what of it. */
export interface MarkRequest extends Omit<HandRequest, "command"> {
  readonly mark: ResourceMark;
  readonly address: string;
}

/**
 * Marks a resource for replacement, or protects it, or takes either back. What only forbids claims nothing, so that it can be
 * said while an apply holds the resource.
 */
export async function markResource(
  ports: ProjectPorts,
  { mark, address, ...request }: MarkRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const decide = (view: HandView) => decideMark(view, mark, address);
  return await changeByHand(ports, { command: mark, ...request }, listener, decide);
}

function decideMark(view: HandView, mark: ResourceMark, address: string): HandDecision {
  const found = heldState(view, address);
  if (!found.ok) return found;
  const { taint, isProtected, isProtectedByHand, object } = found.value;
  switch (mark) {
    case "taint":
      if (taint !== undefined) return ok({ unchanged: `${address} is tainted already: ${taint}` });
      if (object === undefined) return ok({ unchanged: `${address} has no object that could be replaced` });
      return ok({
        address,
        message: { type: "Taint", reason: "by hand" },
        writes: [],
        summary: isProtected
          ? `${address} is to be replaced, and protected: applies are refused until smelt unprotect or untaint`
          : `${address} is to be replaced by the next apply`,
      });
    case "untaint":
      if (taint === undefined) return ok({ unchanged: `${address} is not tainted` });
      return ok({
        address,
        message: { type: "Untaint" },
        writes: [address],
        summary: `${address} is no longer to be replaced`,
      });
    case "protect":
      if (isProtectedByHand) return ok({ unchanged: `${address} is protected by hand already` });
      return ok({
        address,
        message: { type: "Protect", byHand: true },
        writes: [],
        summary: `${address} is protected, whatever the files say, until smelt unprotect`,
      });
    case "unprotect":
      if (!isProtected) return ok({ unchanged: `${address} is not protected` });
      return ok({
        address,
        message: { type: "Unprotect", byHand: true },
        writes: [address],
        summary:
          `${address} is no longer protected; where the files say prevent_destroy, the next apply protects it again`,
      });
  }
}
