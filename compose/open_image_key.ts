import { invariant } from "../engine/invariant.ts";
import { isKeyName } from "../engine/key_name.ts";
import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import type { ImageKeySource } from "../project/project_ports.ts";
import { type KeyPlaces, LOCAL_KEYS, parseKmsReference } from "../project/smelt_toml_keys.ts";
import type { ImageKey, ImageSigner } from "../providers/image_trust.ts";
import type { RecordChecks } from "../store/record_checks.ts";
import { fromBase64url } from "../trust/base64url.ts";
import type { Hash } from "../trust/blake3.ts";
import { readKeyDocument } from "../trust/key_document.ts";
import { readPublicKeyPem } from "../trust/public_key_pem.ts";
import { loadSigner, signingKeyNames, signingKeyPath } from "../trust/signing_key_file.ts";
import { keyFailure } from "./key_failure.ts";
import { imageKey, imageSigner, type PublicHalf } from "./image_keys.ts";
import type { Outside } from "./outside.ts";
import { findSigningKey, type FoundKey } from "./signing_key.ts";

interface SignerPlace {
  readonly hash: Hash;
  readonly paths: ProjectPaths;
  readonly keys: KeyPlaces;
}

/** Takes the key into use that signs images: the named one, else the one that signs in the environment. */
export async function openImageSigner(
  outside: Outside,
  place: SignerPlace,
  name: string | undefined,
): Promise<Result<ImageSigner, ProjectFailure>> {
  const found = name === undefined
    ? await findSigningKey(outside, place, place.keys)
    : await namedKey(outside, place, name);
  if (!found.ok) return found;
  const signer = await imageSigner(found.value);
  invariant(signer !== undefined, "A signing key has a public half that can be used");
  return ok(signer);
}

/** Takes a public key into use to verify images with. */
export async function openImageKey(
  outside: Outside,
  { checks, keys, paths }: Omit<SignerPlace, "hash"> & { readonly checks: RecordChecks },
  source: ImageKeySource,
): Promise<Result<ImageKey, ProjectFailure>> {
  if (source.kind === "named") {
    const signer = await openImageSigner(outside, { hash: checks.hash, paths, keys }, source.name);
    return signer.ok ? ok(signer.value.key) : signer;
  }
  const half = await publicHalf(checks, source);
  const key = half === undefined ? undefined : await imageKey(half);
  return key === undefined ? err(noPublicKey(source)) : ok(key);
}

async function namedKey(
  outside: Outside,
  { hash, keys, paths }: SignerPlace,
  name: string,
): Promise<Result<FoundKey, ProjectFailure>> {
  const signing = parseKmsReference(name);
  if (signing !== undefined) {
    return await findSigningKey(outside, { hash, paths }, { ...LOCAL_KEYS, region: keys.region, signing });
  }
  if (!isKeyName(name)) {
    return err({
      kind: "Keys",
      message: `Cannot use ${JSON.stringify(name)} as a key: it is not the name of one`,
      hint: 'The name of a file in .smelt/keys/ without ".key", or "kms:" and a key of AWS KMS',
    });
  }
  const path = signingKeyPath(paths.keyFolder, name);
  const key = await loadSigner(hash, path);
  if (key.ok) return ok({ kind: "file", key: key.value, path });
  const failure = keyFailure(key.error);
  if (key.error.kind !== "Absent") return err(failure);
  const near = nearName(name, await signingKeyNames(paths.keyFolder));
  const hint = near === undefined
    ? `smelt keys create ${name} makes one; a file of a public key is named with its path, such as ./${name}.pem`
    : `Did you mean "${near}"?`;
  return err({ ...failure, hint });
}

/** Throws an `IntegrityError` for the document of a key that was altered. */
async function publicHalf(
  checks: RecordChecks,
  { file, text }: Extract<ImageKeySource, { readonly kind: "text" }>,
): Promise<PublicHalf | undefined> {
  const pem = readPublicKeyPem(text);
  if (pem !== undefined) return { ...pem, id: checks.hash(pem.spki), name: file };
  const document = await readKeyDocument(checks, text, `"${file}"`);
  const spki = document === undefined ? undefined : fromBase64url(document.publicKey);
  return document === undefined || spki === undefined ? undefined : { ...document, spki };
}

function noPublicKey({ file, text }: Extract<ImageKeySource, { readonly kind: "text" }>): ProjectFailure {
  const isPrivate = /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text);
  return {
    kind: "Keys",
    message: isPrivate
      ? `Cannot verify with "${file}": it holds a private key, which no one needs to verify`
      : `Cannot verify with "${file}": it holds no public key of Ed25519 or ECDSA P-256`,
    hint: "Wanted a public key in PEM, as cosign and openssl write it, or what smelt keys export prints",
  };
}
