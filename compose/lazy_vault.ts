import type { Result } from "../engine/result.ts";
import type { Vault } from "../trust/vault_port.ts";

/**
 * A vault that is opened when a secret is first met: reading commands that meet none need no key, and ask no key service.
 * What opens it rejects when its keys are not here.
 */
export function lazyVault(
  dataKey: string,
  open: () => Promise<Result<Vault, { readonly message: string }>>,
): Vault {
  let opening: Promise<Vault> | undefined;
  const opened = () => opening ??= orReject(open());
  return {
    dataKey,
    seal: async (clear) => await (await opened()).seal(clear),
    open: async (sealed) => await (await opened()).open(sealed),
    matches: async (sealed, clear) => await (await opened()).matches(sealed, clear),
    fingerprint: async (text) => await (await opened()).fingerprint(text),
  };
}

async function orReject(opening: Promise<Result<Vault, { readonly message: string }>>): Promise<Vault> {
  const vault = await opening;
  if (vault.ok) return vault.value;
  throw new Error(`Cannot open the vault: ${vault.error.message}`);
}
