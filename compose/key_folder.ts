import { join, relative } from "node:path";
import type { TrustedKey } from "../engine/environment_event.ts";
import { IntegrityError } from "../engine/integrity_error.ts";
import { invariant } from "../engine/invariant.ts";
import { isKeyName, isSecretKeyName } from "../engine/key_name.ts";
import { nearName } from "../engine/near_name.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import {
  type KeyFileEntry,
  type KeyFolder,
  noKeyName,
  type PublicKey,
  type PublicKeyDocument,
} from "../project/key_folder.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import { loadRecordChecks, type RecordChecks } from "../store/record_checks.ts";
import { fromBase64url } from "../trust/base64url.ts";
import { type SigningKey, trustedKey } from "../trust/ed25519_key.ts";
import { readKeyDocument, writeKeyDocument } from "../trust/key_document.ts";
import type { KeyFileFault } from "../trust/key_file_fault.ts";
import { publicKeyPem } from "../trust/public_key_pem.ts";
import { nextSigningKey, replaceSigningKey, retiredNames } from "../trust/replace_signing_key.ts";
import { createSigningKey, loadSigner, signingKeyNames, signingKeyPath } from "../trust/signing_key_file.ts";
import { keyFailure } from "./key_failure.ts";
import { keyReference, ownKey } from "./own_key.ts";
import { parseKmsReference } from "../project/smelt_toml_keys.ts";
import type { KmsKeyName } from "../trust/kms_key_name.ts";
import type { Outside } from "./outside.ts";
import { findKmsKey } from "./signing_key.ts";

/** Opens the folder of signing keys of a project; makes nothing. */
export async function openKeyFolder(outside: Outside, paths: ProjectPaths): Promise<KeyFolder> {
  return new SystemKeyFolder(outside, paths, await loadRecordChecks());
}

class SystemKeyFolder implements KeyFolder {
  readonly #outside: Outside;
  readonly #paths: ProjectPaths;
  readonly #checks: RecordChecks;

  constructor(outside: Outside, paths: ProjectPaths, checks: RecordChecks) {
    this.#outside = outside;
    this.#paths = paths;
    this.#checks = checks;
  }

  ownName(inConfig: KmsKeyName | undefined): Result<string, ProjectFailure> {
    const own = ownKey(this.#outside.readVariable, inConfig);
    return own.ok ? ok(keyReference(own.value)) : own;
  }

  async list(): Promise<readonly KeyFileEntry[]> {
    const entries: KeyFileEntry[] = [];
    for (const name of await signingKeyNames(this.#folder)) {
      const path = signingKeyPath(this.#folder, name);
      const key = await loadSigner(this.#checks.hash, path);
      entries.push({
        name,
        path: relative(this.#paths.root, path),
        key: key.ok ? ok(publicHalf(key.value)) : err(keyFailure(key.error)),
      });
    }
    return entries;
  }

  async create(name: string): Promise<Result<PublicKeyDocument, ProjectFailure>> {
    if (!isKeyName(name)) return err(noKeyName(name));
    if (isSecretKeyName(name)) return err(secretKeyName(name));
    const { random } = this.#outside;
    return await this.#written(
      await createSigningKey(this.#checks.hash, random, { folder: this.#folder, name }),
    );
  }

  async document(
    name: string,
    region?: string | undefined,
  ): Promise<Result<PublicKeyDocument, ProjectFailure>> {
    const remote = parseKmsReference(name);
    if (remote !== undefined) return await this.#remoteDocument(remote, region);
    if (!isKeyName(name)) return err(noKeyName(name));
    const key = await loadSigner(this.#checks.hash, signingKeyPath(this.#folder, name));
    if (key.ok || key.error.kind !== "Absent") return await this.#written(key);
    const near = nearName(name, await signingKeyNames(this.#folder));
    const hint = near === undefined ? `smelt keys create ${name} makes one` : `Did you mean "${near}"?`;
    return err({ ...keyFailure(key.error), hint });
  }

  pem(key: PublicKey): string {
    const spki = fromBase64url(key.publicKey);
    invariant(spki !== undefined, "A signing key has its public half in base64url");
    return publicKeyPem(spki);
  }

  async readDocument(text: string, where: string): Promise<Result<PublicKeyDocument, ProjectFailure>> {
    try {
      const document = await readKeyDocument(this.#checks, text, where);
      return document === undefined ? err(noDocument(where)) : ok(document);
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      const hint = "Ask for it again, by another way: somebody may have altered it";
      return err({ kind: "KeyDamage", message: error.message, hint });
    }
  }

  async successor(name: string): Promise<Result<PublicKey, ProjectFailure>> {
    const place = { folder: this.#folder, name };
    const key = await nextSigningKey(this.#checks.hash, this.#outside.random, place);
    return key.ok ? ok(publicHalf(key.value)) : err(keyFailure(key.error));
  }

  async succeed(name: string, oldId: string): Promise<string> {
    return await replaceSigningKey(this.#folder, name, oldId);
  }

  async retired(name: string): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    for (const each of await retiredNames(this.#folder, name)) {
      const key = await loadSigner(this.#checks.hash, join(this.#folder, `${each}.key`));
      if (key.ok) found.set(key.value.signer.keyId, each);
    }
    return found;
  }

  get #folder(): string {
    return this.#paths.keyFolder;
  }

  async #remoteDocument(
    name: KmsKeyName,
    region: string | undefined,
  ): Promise<Result<PublicKeyDocument, ProjectFailure>> {
    const lookup = { hash: this.#checks.hash, paths: this.#paths };
    const found = await findKmsKey(this.#outside, lookup, { name, region });
    return found.ok ? ok(await writeKeyDocument(this.#checks.hash, found.value.key)) : found;
  }

  async #written(key: Result<SigningKey, KeyFileFault>): Promise<Result<PublicKeyDocument, ProjectFailure>> {
    return key.ok ? ok(await writeKeyDocument(this.#checks.hash, key.value)) : err(keyFailure(key.error));
  }
}

function publicHalf(key: SigningKey): PublicKey {
  const { roles: _roles, ...rest }: TrustedKey = trustedKey(key, []);
  return rest;
}

function secretKeyName(name: string): ProjectFailure {
  return {
    kind: "Keys",
    message: `Cannot name a key "${name}": the files of secret keys are named like this`,
    hint: "Choose another name",
  };
}

function noDocument(where: string): ProjectFailure {
  return {
    kind: "Keys",
    message: `Cannot read ${where}: it is not the document of a key`,
    hint: "smelt keys export prints one, on the machine that has the key",
  };
}
