import type { SealedSecret } from "../engine/value.ts";
import type { Vault } from "../trust/vault_port.ts";

/** How many secrets are opened at once. */
const OPEN_LIMIT = 16;

/**
 * Opens each secret, and forgets it: a run that meets one which does not open has to be refused before its first call. Rejects
 * as the vault does, with an `IntegrityError` for damage.
 */
export async function openNeeded(vault: Vault, secrets: readonly SealedSecret[]): Promise<void> {
  const waiting = secrets.values();
  const work = async () => {
    for (const secret of waiting) await vault.open(secret);
  };
  await Promise.all(Array.from({ length: Math.min(OPEN_LIMIT, secrets.length) }, work));
}
