import { ok } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import type { KeyPlaces } from "../project/smelt_toml_keys.ts";
import { dataKeyFiles } from "../trust/data_key_files.ts";
import type { DataKeySource } from "../trust/data_key_source.ts";
import { keepInClear, type KeepKey, keepWrapped, type Wrapping } from "../trust/keep_secret_key.ts";
import type { KeyFileFault } from "../trust/key_file_fault.ts";
import { unwrapWith } from "../trust/kms_secret_keys.ts";
import type { KeyForm } from "../trust/key_form.ts";
import type { Unwrap } from "../trust/secret_key_file.ts";
import { keyFailure } from "./key_failure.ts";
import { reachKms } from "./key_service.ts";
import type { Outside } from "./outside.ts";

/** Of which environment secret keys are, and where `smelt.toml` wants new ones. */
export interface KeyPlace {
  readonly paths: Pick<ProjectPaths, "keyFolder">;
  readonly environment: string;
  /** The id of the project. */
  readonly project: string;
  readonly keys: Pick<KeyPlaces, "wrapping" | "region">;
}

/** The secret keys of an environment: what opens those that are here, and how new ones are kept. */
export interface KeyAccess {
  readonly folder: string;
  readonly environment: string;
  readonly dataKeys: DataKeySource;
  readonly unwrap: Unwrap;
  readonly keep: KeepKey;
  /** How `keep` keeps. */
  readonly newForm: KeyForm;
  /** What wraps new keys; `undefined`: they lie in clear. */
  readonly wrapping: Wrapping | undefined;
  /** A key that cannot be used, as a failure of the command: of the way to the key service, where that was it. */
  failureOf(fault: KeyFileFault): ProjectFailure;
}

/** Where the secret keys of an environment come from, and new ones go: the one place that says so. */
export function accessKeys(outside: Outside, { paths, environment, project, keys }: KeyPlace): KeyAccess {
  const { keyFolder: folder } = paths;
  let unreached: ProjectFailure | undefined;
  // A wrapped key names by its ARN, so with its region, under which key it is.
  const unwrap = unwrapWith(async (under) => {
    const kms = await reachKms(outside, under, undefined);
    unreached = kms.ok ? undefined : kms.error;
    return kms.ok ? ok(kms.value) : kms;
  }, project);
  const { wrapping: under, region } = keys;
  const place = { folder, project, environment };
  const wrapping = under && { reach: () => reachKms(outside, under, region), under, place };
  const keep = wrapping === undefined ? keepInClear(folder, environment) : keepWrapped(wrapping);
  return {
    folder,
    environment,
    dataKeys: dataKeyFiles(folder, environment, { unwrap, keep }),
    unwrap,
    keep,
    newForm: under === undefined ? { kind: "clear" } : { kind: "wrapped", under },
    wrapping,
    failureOf: (fault) => unreached ?? keyFailure(fault),
  };
}
