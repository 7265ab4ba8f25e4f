import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import { genesis, OWNER_ROLES } from "../project/genesis.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import type { CreatedEnvironment, NewEnvironment } from "../project/project_ports.ts";
import { createLog } from "../store/create_log.ts";
import { loadLog } from "../store/load_log.ts";
import { createWrappedKeys } from "../trust/kms_secret_keys.ts";
import { createSecretKeys, type SecretKeyNames } from "../trust/secret_keys.ts";
import { standInStatement } from "../trust/statement.ts";
import { createSigningKey, loadSigner, signingKeyPath } from "../trust/signing_key_file.ts";
import { trustedKey } from "../trust/ed25519_key.ts";
import { randomId } from "../engine/random.ts";
import { keyFailure } from "./key_failure.ts";
import { ownKey } from "./own_key.ts";
import { type LogParts, openLogFolder } from "./log_parts.ts";
import type { Outside } from "./outside.ts";
import { kmsFailure, reachKms } from "./key_service.ts";
import { findKmsKey, type FoundKey, placeOfKey } from "./signing_key.ts";
import { setLogAside } from "./set_log_aside.ts";
import { requirePinnable } from "./user_pin.ts";

/** Makes the keys that are missing and record 1, and pins it for this user. One that an interrupted `init` of this key has left is taken up. */
export async function createEnvironment(
  outside: Outside,
  paths: ProjectPaths,
  wanted: NewEnvironment,
): Promise<Result<CreatedEnvironment, ProjectFailure>> {
  // The log of an environment of this name that has ended makes room, and is kept.
  await setLogAside(outside, paths, wanted.name);
  const parts = await openLogFolder(outside, paths);
  const found = await firstKey(outside, { parts, paths }, wanted);
  if (!found.ok) return found;
  const { key } = found.value;
  const secrets = await makeSecretKeys(outside, paths, wanted);
  if (!secrets.ok) return secrets;
  const { dataKey, digestKey } = secrets.value;
  const owner = trustedKey(key, OWNER_ROLES);
  const opened = genesis(
    { project: wanted.project, environment: wanted.name, owner, dataKey, digestKey },
    outside.random,
  );
  const created = await createLog({
    log: parts.log,
    clock: outside.clock,
    environment: wanted.name,
    repaired: () => {},
    hash: parts.checks.hash,
    signer: key.signer,
    run: randomId(outside.random),
  }, opened);
  const about = { keyId: key.signer.keyId, keyName: key.name, keyPlace: placeOfKey(found.value) };
  const made = created.ok
    ? ok({ project: wanted.project, firstRecord: created.value.hash, ...about })
    : await takeUp(parts, wanted, about);
  if (!made.ok || parts.pinned === undefined) return made;
  const pinned = await requirePinnable(parts.pinned, made.value.firstRecord);
  return pinned.ok ? made : pinned;
}

/**
 * The key that signs record 1: one in KMS is there already, one in a file is made where it is not. What `smelt.toml` names comes
 * before `SMELT_KEY` here, and only here: the environment begins with the key that all who work there have.
 */
async function firstKey(
  outside: Outside,
  { parts, paths }: { readonly parts: LogParts; readonly paths: ProjectPaths },
  { keys: { signing, region } }: NewEnvironment,
): Promise<Result<FoundKey, ProjectFailure>> {
  const { hash } = parts.checks;
  const own = signing === undefined
    ? ownKey(outside.readVariable, undefined)
    : ok({ kind: "kms", name: signing } as const);
  if (!own.ok) return own;
  if (own.value.kind === "kms") {
    const found = await findKmsKey(outside, { hash, paths }, { name: own.value.name, region });
    return found.ok ? await proved(found.value) : found;
  }
  const place = { folder: paths.keyFolder, name: own.value.name };
  const path = signingKeyPath(place.folder, place.name);
  const known = await loadSigner(hash, path);
  if (!known.ok && known.error.kind !== "Absent") return err(keyFailure(known.error));
  const key = known.ok ? known : await createSigningKey(hash, outside.random, place);
  return key.ok ? ok({ kind: "file", key: key.value, path }) : err(keyFailure(key.error));
}

/** That a key service does not let it sign is told before anything is made. */
async function proved(found: FoundKey): Promise<Result<FoundKey, ProjectFailure>> {
  if (found.kind === "file") return ok(found);
  const signature = await found.key.trySign(standInStatement("", found.key.signer.keyId));
  return signature.ok ? ok(found) : err(kmsFailure(signature.error));
}

/** Makes the keys of secrets: in clear, or wrapped where `smelt.toml` names what wraps them. */
async function makeSecretKeys(
  outside: Outside,
  { keyFolder: folder }: ProjectPaths,
  { name: environment, project, keys }: NewEnvironment,
): Promise<Result<SecretKeyNames, ProjectFailure>> {
  const { wrapping: under, region } = keys;
  if (under === undefined) {
    const made = await createSecretKeys(outside.random, folder, environment);
    return made.ok ? made : err(keyFailure(made.error));
  }
  const kms = await reachKms(outside, under, region);
  if (!kms.ok) return kms;
  const place = { folder, project, environment };
  const made = await createWrappedKeys(kms.value, outside.random, { under, place });
  if (made.ok) return made;
  return err("path" in made.error ? keyFailure(made.error) : kmsFailure(made.error));
}

/** A log without a pin: one record of this very key is what an `init` that was cut short has left. */
async function takeUp(
  parts: LogParts,
  wanted: NewEnvironment,
  about: Omit<CreatedEnvironment, "project" | "firstRecord">,
): Promise<Result<CreatedEnvironment, ProjectFailure>> {
  const fold = await loadLog(parts.log, wanted.name, { checks: parts.checks, pins: [], see: () => {} });
  const opened = fold.environment.facts?.opened;
  const isOurs = fold.head.seq === 1 && opened?.keys.some((key) => key.id === about.keyId) === true;
  if (isOurs && opened !== undefined) {
    return ok({ project: opened.project, firstRecord: fold.head.hash, ...about });
  }
  return err({
    kind: "AlreadyInitialised",
    message: `There is a log of "${wanted.name}" already, with ${fold.head.seq} records, and no pin of it`,
    hint: `If it is the right one, write first_record = "${fold.stream}" below [environments.${wanted.name}]`,
  });
}
