import type { KeyState } from "../engine/environment.ts";
import type { KeyRole } from "../engine/environment_event.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { SigningKey } from "../trust/ed25519_key.ts";

/** Refuses before anything is appended what the log would refuse to this key: not to leave the beginning of a run behind. */
export function requireRole(
  keys: ReadonlyMap<string, KeyState>,
  key: SigningKey,
  role: KeyRole,
): Result<void, ProjectFailure> {
  const known = keys.get(key.signer.keyId);
  if (known !== undefined && !known.isRevoked && known.key.roles.includes(role)) return ok(undefined);
  return err({
    kind: "Keys",
    message: `The key "${key.name}" may not do this: it lacks the role "${role}"`,
    hint: "Somebody whose key has it can do it, on their machine",
  });
}
