/**
 * Which key signs in a log that was restored from a backup: the log may have been written before the key that signs here came in.
 * Then one that it replaced lets it in, and it alone accepts the loss. The old key may be in the hands of whoever it was exchanged
 * for, so it decides nothing itself.
 */
import { basename, join } from "node:path";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { LostExchange, LostPin, WantedEnvironment } from "../project/project_ports.ts";
import type { Hash } from "../trust/blake3.ts";
import { type SigningKey, trustedKey } from "../trust/ed25519_key.ts";
import { retiredNames } from "../trust/replace_signing_key.ts";
import { loadSigner, signingKeyNames, signingKeyPath } from "../trust/signing_key_file.ts";
import { keyFailure } from "./key_failure.ts";
import type { Outside } from "./outside.ts";
import { keyRefusal, type KeyUse, wasNoAdmin } from "./own_key.ts";
import { findOldKey, type FoundKey, type KeyLookup } from "./signing_key.ts";

/** The key that signs, and what the log does not know of it. */
export interface ChosenSigner {
  readonly found: FoundKey;
  readonly lostExchange: LostExchange | undefined;
}

/** Where and for what a signer is chosen. */
export interface SignerChoice {
  readonly outside: Outside;
  readonly lookup: KeyLookup;
  readonly wanted: Pick<WantedEnvironment, "keys" | "oldKey">;
  readonly use: KeyUse;
}

/** A record of somebody else's pin is accepted by the key that signs here, whoever else has accepted it: only some keys may count there. */
export function ownWord(wanted: WantedEnvironment, keyId: string): WantedEnvironment {
  if (wanted.lost === undefined || wanted.pins === undefined) return wanted;
  return { ...wanted, pins: wanted.pins.map((pin) => ({ ...pin, admins: new Set([keyId]) })) };
}

/** Chooses the key that signs: `own`, unless a log that was restored does not know it any more. */
export async function chooseSigner(
  choice: SignerChoice,
  own: FoundKey,
): Promise<Result<ChosenSigner, ProjectFailure>> {
  const { use } = choice;
  const { keyId } = own.key.signer;
  const refusal = keyRefusal(own.key, use);
  if (use.lost.length === 0) return refusal === undefined ? ok(alone(own)) : err(refusal);
  const olds = await oldKeys(choice, own);
  if (!olds.ok) return olds;
  const trusted = olds.value.usable.filter(({ key: { signer } }) =>
    signer.keyId !== keyId && use.keys.get(signer.keyId)?.isRevoked === false
  );
  const replaced = trusted.map(({ key: { signer } }) => signer.keyId)
    .filter((id) => !wasAdmin(id, use.lost));
  if (refusal === undefined) {
    return ok(replaced.length === 0 ? alone(own) : withExchange(own, { successor: undefined, replaced }));
  }
  if (use.keys.get(keyId)?.isRevoked || wasNoAdmin(keyId, use.lost)) return err(refusal);
  const old = trusted.find(({ key }) => keyRefusal(key, { ...use, lost: [] }) === undefined);
  if (old === undefined) return err(await whyNone(choice, own, olds.value));
  return ok(withExchange(old, { successor: successorOf(own.key, old.key, choice), replaced }));
}

function alone(found: FoundKey): ChosenSigner {
  return { found, lostExchange: undefined };
}

function withExchange(found: FoundKey, lostExchange: LostExchange): ChosenSigner {
  return { found, lostExchange };
}

/** People go on to know a key that was rotated by the name that the log has for it; another key has a name of its own. */
function successorOf(own: SigningKey, old: SigningKey, { use, wanted }: SignerChoice) {
  const { roles: _roles, ...key } = trustedKey(own, []);
  const name = wanted.oldKey === undefined ? use.keys.get(old.signer.keyId)?.key.name : undefined;
  return name === undefined ? key : { ...key, name };
}

/** Keys that the one which signs here has replaced. */
interface OldKeys {
  readonly usable: readonly FoundKey[];
  /** Why one of them cannot be used. */
  readonly failure: ProjectFailure | undefined;
}

/** The one that was named, else those that rotations have left beside the file of the own one. */
async function oldKeys(
  { outside, lookup, wanted }: SignerChoice,
  own: FoundKey,
): Promise<Result<OldKeys, ProjectFailure>> {
  const { oldKey, keys: { region } } = wanted;
  if (oldKey !== undefined) {
    const found = await findOldKey(outside, lookup, { text: oldKey, region });
    return found.ok ? ok({ usable: [found.value], failure: undefined }) : err(unusable(found.error));
  }
  if (own.kind === "kms") return ok({ usable: [], failure: undefined });
  const { keyFolder } = lookup.paths;
  const names = await retiredNames(keyFolder, basename(own.path, ".key"));
  const usable: FoundKey[] = [];
  let failure: ProjectFailure | undefined;
  for (const name of names) {
    const path = join(keyFolder, `${name}.key`);
    const key = await loadSigner(lookup.hash, path);
    if (key.ok) usable.push({ kind: "file", key: key.value, path });
    else failure ??= keyFailure(key.error);
  }
  return ok({ usable, failure });
}

/** Nothing else can be done here: what is said of the key itself tells what would make it usable again. */
function unusable(failure: ProjectFailure): ProjectFailure {
  const why =
    "Nothing was changed: the key that signs here is let into a log of before by one that the log trusts";
  return { ...failure, details: [...failure.details ?? [], why] };
}

function wasAdmin(keyId: string, lost: readonly LostPin[]): boolean {
  return lost.some(({ admins }) => admins?.has(keyId) === true);
}

/** Why no key that is here lets the own one in. */
async function whyNone(
  { lookup, use, wanted }: SignerChoice,
  own: FoundKey,
  { usable: [named], failure }: OldKeys,
): Promise<ProjectFailure> {
  if (wanted.oldKey !== undefined && named !== undefined) {
    const refusal = keyRefusal(named.key, { ...use, lost: [] });
    if (refusal !== undefined) return refusal;
  }
  if (failure !== undefined) return failure;
  const { name, signer } = own.key;
  const others = await adminNames(lookup.hash, lookup.paths.keyFolder, use);
  return {
    kind: "KeyDamage",
    message: `Cannot accept the loss in "${use.environment}" with the key "${name}" (${
      signer.keyId.slice(0, 8)
    }): the restored log does not trust it as an admin, and no key that it replaced is here to let it in`,
    hint: others.length === 0
      ? "Put the file of the key that it replaced back into .smelt/keys/, or name one in KMS by --old-key; without any key that " +
        "the log trusts it cannot go on: docs/operations.md tells what is left"
      : `--old-key says which key it replaced; the log trusts ${
        others.map((each) => `"${each}"`).join(", ")
      }, which ${others.length === 1 ? "is" : "are"} here`,
  };
}

/** The names of files of keys that the log trusts as admins. */
async function adminNames(hash: Hash, keyFolder: string, use: KeyUse): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await signingKeyNames(keyFolder)) {
    const key = await loadSigner(hash, signingKeyPath(keyFolder, name));
    if (key.ok && keyRefusal(key.value, { ...use, lost: [] }) === undefined) found.push(name);
  }
  return found;
}
