import { parseAddress } from "../engine/address.ts";
import { heldObject, isSettledAbsent } from "../engine/resource_state.ts";
import { err, ok, type Result } from "../engine/result.ts";
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

/** Lets go of an object of an address, the live one unless `id` names an old one. The object lives on. */
export async function forgetResource(
  ports: ProjectPorts,
  request: Omit<HandRequest, "command"> & { readonly address: string; readonly id: string | undefined },
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const { address, id } = request;
  return await changeByHand(
    ports,
    { ...request, command: "state rm" },
    listener,
    (view) => decideForget(view, address, id),
  );
}

/** Moves all that an address holds to another one. */
export async function moveStored(
  ports: ProjectPorts,
  request: Omit<HandRequest, "command"> & { readonly from: string; readonly to: string },
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const { from, to } = request;
  return await changeByHand(
    ports,
    { ...request, command: "state mv" },
    listener,
    (view) => decideMove(view, from, to),
  );
}

function decideForget(view: HandView, address: string, id: string | undefined): HandDecision {
  const found = heldState(view, address);
  if (!found.ok) return found;
  const state = found.value;
  const known = [state.object?.id, ...state.deposed.map((each) => each.object.id)].filter((each) =>
    each !== undefined
  );
  const chosen = id ?? state.object?.id;
  const object = chosen === undefined ? undefined : heldObject(state, chosen);
  if (object === undefined) {
    const message = id === undefined
      ? `${address} has no live object: name an old one by --id`
      : `${address} holds no object "${id}"`;
    return err({
      kind: "NotFound",
      message,
      hint: `It holds ${known.join(", ") || "none"}`,
      resource: address,
    });
  }
  if (state.isProtected) {
    const hint = `smelt unprotect ${address} first`;
    return err({
      kind: "PlanRefused",
      message: `Cannot let go of ${address}: it is protected`,
      hint,
      resource: address,
    });
  }
  if (state.intent !== undefined) return err(stillOpen(address));
  return ok({
    address,
    message: { type: "Forget", id: object.id },
    writes: [address],
    summary: `${address} lets go of ${object.type} ${object.id}, which lives on; while the files want ` +
      `${address}, the next apply creates it anew`,
  });
}

function decideMove(view: HandView, from: string, to: string): HandDecision {
  const found = heldState(view, from);
  if (!found.ok) return found;
  const parsed = parseAddress(to);
  if (parsed === undefined) {
    return err({
      kind: "NotFound",
      message: `Cannot read the address "${to}": expected kind.name or kind.name[key]`,
      resource: to,
    });
  }
  const target = view.state.resources.get(parsed.address);
  if (target !== undefined && !isSettledAbsent(target)) {
    const held = target.object?.id ?? target.deposed[0]?.object.id ?? "what is being made";
    return err({
      kind: "PlanRefused",
      message: `Cannot move ${from} to ${parsed.address}, which holds ${held}`,
      resource: parsed.address,
    });
  }
  if (found.value.intent !== undefined) return err(stillOpen(from));
  return ok({
    address: parsed.address,
    message: { type: "Move", from },
    writes: [from, parsed.address],
    summary: `${parsed.address} takes over all that ${from} holds`,
  });
}

function stillOpen(address: string): ProjectFailure {
  return {
    kind: "PlanRefused",
    message: `A call to ${address} is still open`,
    hint: "smelt recover settles it",
    resource: address,
  };
}
