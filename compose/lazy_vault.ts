import type { SecretRegister } from "../engine/secret_register.ts";
import type { Result } from "../engine/result.ts";
import type { Vault } from "../trust/vault_port.ts";

/**
 * A vault that is opened when a secret is first met: reading commands that meet none need no key, and ask no key service.
 * What opens it rejects when its keys are not here.
 */
export function lazyVault(
  secrets: SecretRegister,
  dataKey: () => string,
  open: () => Promise<Result<Vault, { readonly message: string }>>,
): Vault {
  let opening: Promise<Vault> | undefined;
  const opened = () => opening ??= orReject(open());
  return {
    get dataKey() {
      return dataKey();
    },
    seal: async (clear) => await (await opened()).seal(clear),
    open: async (sealed) => await (await opened()).open(sealed),
    isGivenUp: async (sealed) => await (await opened()).isGivenUp(sealed),
    renew: async (sealed) => await (await opened()).renew(sealed),
    sealSource: async (...args) => await (await opened()).sealSource(...args),
    openSource: async (...args) => await (await opened()).openSource(...args),
    matches: async (sealed, clear) => await (await opened()).matches(sealed, clear),
    fingerprint: async (text) => await (await opened()).fingerprint(text),
    carries: (text) => secrets.isIn(text),
  };
}

async function orReject(opening: Promise<Result<Vault, { readonly message: string }>>): Promise<Vault> {
  const vault = await opening;
  if (vault.ok) return vault.value;
  throw new Error(`Cannot open the vault: ${vault.error.message}`);
}
