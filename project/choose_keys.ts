import { err, ok, type Result } from "../engine/result.ts";
import type { KmsKeyName } from "../trust/kms_key_name.ts";
import { impliedRegion } from "../trust/kms_place.ts";
import type { ProjectFailure } from "./failure.ts";
import type { ReadVariable } from "./project_paths.ts";
import { type KeyPlaces, parseKmsReference, SIGNING_KEY_FORM } from "./smelt_toml_keys.ts";

/** What the command line says of keys. */
export interface AskedKeys {
  readonly signingKey?: string | undefined;
  readonly secretsKey?: string | undefined;
}

/** Where the keys of a new environment are to be: as asked for, else as `written` down. */
export function chooseKeys(
  readVariable: ReadVariable,
  asked: AskedKeys,
  written: KeyPlaces,
): Result<KeyPlaces, ProjectFailure> {
  const signing = readReference("--signing-key", asked.signingKey, written.signing);
  if (!signing.ok) return signing;
  const wrapping = readReference("--secrets-key", asked.secretsKey, written.wrapping);
  if (!wrapping.ok) return wrapping;
  return ok({
    signing: signing.value,
    wrapping: wrapping.value,
    region: written.region ?? regionOf(readVariable, [signing.value, wrapping.value]),
  });
}

function readReference(
  option: string,
  text: string | undefined,
  written: KmsKeyName | undefined,
): Result<KmsKeyName | undefined, ProjectFailure> {
  if (text === undefined) return ok(written);
  const name = parseKmsReference(text);
  if (name !== undefined) return ok(name);
  return err({
    kind: "Config",
    message: `Cannot use ${option} ${JSON.stringify(text)}: expected ${SIGNING_KEY_FORM}`,
    hint: `For example ${option} kms:alias/smelt`,
  });
}

/** The region of the variables, where a name needs one: it is to be the same for everybody, so it is written down. */
function regionOf(
  readVariable: ReadVariable,
  names: readonly (KmsKeyName | undefined)[],
): string | undefined {
  for (const name of names) {
    const region = name === undefined ? undefined : impliedRegion(readVariable, name);
    if (region !== undefined) return region;
  }
  return undefined;
}
