import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import { genesis, OWNER_ROLES } from "../project/genesis.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import type { CreatedEnvironment, NewEnvironment } from "../project/project_ports.ts";
import { createLog } from "../store/create_log.ts";
import { loadLog } from "../store/load_log.ts";
import { createSecretKeys } from "../trust/secret_keys.ts";
import { createSigningKey, loadSigner, signingKeyPath } from "../trust/signing_key_file.ts";
import { type SigningKey, trustedKey } from "../trust/ed25519_key.ts";
import { randomId } from "../engine/random.ts";
import { keyFailure } from "./environment_keys.ts";
import { ownKeyName } from "./own_key.ts";
import { type LogParts, openLogFolder } from "./log_parts.ts";
import type { Outside } from "./outside.ts";
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
  const name = ownKeyName(outside.readVariable);
  if (!name.ok) return name;
  const key = await ownKey(outside, parts, { folder: paths.keyFolder, name: name.value });
  if (!key.ok) return key;
  const secrets = await createSecretKeys(outside.random, paths.keyFolder, wanted.name);
  if (!secrets.ok) return err(keyFailure(secrets.error));
  const { dataKey, digestKey } = secrets.value;
  const owner = trustedKey(key.value, OWNER_ROLES);
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
    signer: key.value.signer,
    run: randomId(outside.random),
  }, opened);
  const about = {
    keyId: key.value.signer.keyId,
    keyName: key.value.name,
    keyFile: signingKeyPath(paths.keyFolder, name.value),
  };
  const found = created.ok
    ? ok({ project: wanted.project, firstRecord: created.value.hash, ...about })
    : await takeUp(parts, wanted, about);
  if (!found.ok || parts.pinned === undefined) return found;
  const pinned = await requirePinnable(parts.pinned, found.value.firstRecord);
  return pinned.ok ? found : pinned;
}

async function ownKey(
  outside: Outside,
  parts: LogParts,
  place: { readonly folder: string; readonly name: string },
): Promise<Result<SigningKey, ProjectFailure>> {
  const { hash } = parts.checks;
  const known = await loadSigner(hash, signingKeyPath(place.folder, place.name));
  if (known.ok) return known;
  if (known.error.kind !== "Absent") return err(keyFailure(known.error));
  const made = await createSigningKey(hash, outside.random, place);
  return made.ok ? made : err(keyFailure(made.error));
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
