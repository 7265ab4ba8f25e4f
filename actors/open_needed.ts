import type { NeededSecret } from "../engine/needed_secrets.ts";
import type { Vault } from "../trust/vault_port.ts";

/** How many secrets are opened at once. */
const OPEN_LIMIT = 16;

/**
 * Opens each secret, and forgets it: a run that meets one which does not open has to be refused before its first call. What was
 * given up is passed over where it would only be deleted. Rejects as the vault does, with an `IntegrityError` for damage.
 */
export async function openNeeded(vault: Vault, secrets: readonly NeededSecret[]): Promise<void> {
  const each = new Map(secrets.map((needed) => {
    const { sealed, use } = needed;
    return [`${sealed.blob} ${sealed.digest} ${use}`, needed] as const;
  }));
  const waiting = each.values();
  const work = async () => {
    for (const { sealed, use } of waiting) {
      if (use === "sent" || !await vault.isGivenUp(sealed)) await vault.open(sealed);
    }
  };
  await Promise.all(Array.from({ length: Math.min(OPEN_LIMIT, each.size) }, work));
}
