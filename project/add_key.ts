import type { KeyState } from "../engine/environment.ts";
import type { KeyRole, TrustedKey } from "../engine/environment_event.ts";
import { isKeyName } from "../engine/key_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { HandListener, HandRequest, HandResult } from "./change_by_hand.ts";
import { changeTrust, type TrustDecision } from "./change_trust.ts";
import type { ProjectFailure } from "./failure.ts";
import { isLastAdmin } from "./find_key.ts";
import { noKeyName, type PublicKey } from "./key_folder.ts";
import type { ProjectPorts } from "./project_ports.ts";
import { openConfigured } from "./workspace.ts";

/** Every role, in the order in which they are told. */
export const KEY_ROLES: readonly KeyRole[] = ["admin", "apply", "approve"];

/** A key that is to be trusted. */
export interface AddKeyRequest extends Omit<HandRequest, "command"> {
  /** The text of its document. */
  readonly document: string;
  /** What the document is called in messages. */
  readonly where: string;
  readonly roles: readonly KeyRole[];
  /** Another name than the document says. */
  readonly name: string | undefined;
}

/** Trusts a key whose document proves that its holder has it. A key that is trusted already gets these roles and this name. */
export async function addKey(
  ports: ProjectPorts,
  request: AddKeyRequest,
  listener: HandListener,
): Promise<Result<HandResult, ProjectFailure>> {
  const workspace = await openConfigured(ports.workingFolder);
  if (!workspace.ok) return workspace;
  const folder = await ports.keyFolder(workspace.value.paths);
  const document = await folder.readDocument(request.document, request.where);
  if (!document.ok) return document;
  if (request.name !== undefined && !isKeyName(request.name)) return err(noKeyName(request.name));
  const { algorithm, id, publicKey } = document.value;
  const key: PublicKey = { id, name: request.name ?? document.value.name, algorithm, publicKey };
  const roles = KEY_ROLES.filter((role) => request.roles.includes(role));
  return await changeTrust(
    ports,
    { ...request, command: "keys add" },
    listener,
    ({ name, environment }) => decide(environment.journal.state.keys, { ...key, roles }, name),
  );
}

function decide(
  keys: ReadonlyMap<string, KeyState>,
  key: TrustedKey,
  environment: string,
): TrustDecision {
  const known = keys.get(key.id);
  const about = `the key "${key.name}" (${key.id.slice(0, 8)})`;
  if (known?.isRevoked) {
    return err({
      kind: "PlanRefused",
      message: `Cannot add ${about} to "${environment}": it was revoked there`,
      hint: "A key that was given up stays so: smelt keys create makes another one",
    });
  }
  const twin = [...keys.values()].find((each) =>
    !each.isRevoked && each.key.name === key.name && each.key.id !== key.id
  );
  if (twin !== undefined) {
    return err({
      kind: "PlanRefused",
      message: `Cannot add ${about} to "${environment}": ${twin.key.id.slice(0, 8)} has that name there`,
      hint: "Give it another one by --name",
    });
  }
  if (known !== undefined && known.key.name === key.name && known.key.roles.join() === key.roles.join()) {
    return ok({ unchanged: `${environment} trusts ${about} already, as ${key.roles.join(", ")}` });
  }
  if (!key.roles.includes("admin") && isLastAdmin(keys, key.id)) {
    return err({
      kind: "PlanRefused",
      message: `Cannot take the role "admin" from ${about} in "${environment}": no other key has it`,
      hint: "Give the role to another key first",
    });
  }
  const before = known === undefined ? "" : `, which it trusted as ${known.key.roles.join(", ")} before`;
  return ok({
    events: [{ type: "KeyTrusted", key }],
    summary: `${environment} trusts ${about} as ${key.roles.join(", ")}${before}`,
  });
}
