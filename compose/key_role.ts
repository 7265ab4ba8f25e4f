import type { KeyState } from "../engine/environment.ts";
import type { KeyRole } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { LostPin } from "../project/project_ports.ts";
import type { SigningKey } from "../trust/ed25519_key.ts";

/**
 * Refuses before anything is appended what the log would refuse to this key: not to leave the beginning of a run behind. An older
 * log may trust what this user has seen revoked since: then `lost` pins, which know that, refuse it too.
 */
export function requireRole(
  { keys, lost }: { readonly keys: ReadonlyMap<string, KeyState>; readonly lost: readonly LostPin[] },
  key: SigningKey,
  role: KeyRole,
): Result<void, ProjectFailure> {
  const { keyId } = key.signer;
  const known = keys.get(keyId);
  const hasRole = known !== undefined && !known.isRevoked && known.key.roles.includes(role);
  if (hasRole && lost.every(({ admins }) => admins?.has(keyId) !== false)) return ok(undefined);
  return err({
    kind: "Keys",
    message: `The key "${key.name}" may not do this: it lacks the role "${role}"`,
    hint: "Somebody whose key has it can do it, on their machine",
  });
}
