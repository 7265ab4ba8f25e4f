import { err, type Result } from "../engine/result.ts";
import type { ProjectFailure } from "../project/failure.ts";
import type { ProjectPaths } from "../project/project_paths.ts";
import { readNamedFile } from "../project/read_named_file.ts";
import { type KeyPlaces, LOCAL_KEYS } from "../project/smelt_toml_keys.ts";
import { isKeyFile, KEY_LIMIT_BYTES } from "../project/verify_image.ts";
import { openWorkspace, pickEnvironment } from "../project/workspace.ts";
import type { SigningFault } from "../providers/image_trust.ts";
import type { OciParts } from "../providers/oci/oci_provider.ts";
import { loadRecordChecks } from "../store/record_checks.ts";
import { openImageKey, openImageSigner } from "./open_image_key.ts";
import type { Outside } from "./outside.ts";

/** Keys that resources of a project name: those that sign images, and those that must have signed them. */
export function resourceKeys(
  outside: Outside,
  paths: ProjectPaths,
): Pick<OciParts, "openKey" | "openSigner"> {
  return {
    openSigner: async (name) => {
      const { hash } = await loadRecordChecks();
      return told(await openImageSigner(outside, { hash, paths, keys: await keyPlaces(paths) }, name));
    },
    openKey: async (place) => {
      const from = { workingFolder: paths.root };
      const text = isKeyFile(place) ? await readNamedFile(from, place, KEY_LIMIT_BYTES) : undefined;
      if (text?.ok === false) return told(text);
      const source = text === undefined
        ? { kind: "named", name: place } as const
        : { kind: "text", file: place, text: text.value } as const;
      const parts = { checks: await loadRecordChecks(), paths, keys: await keyPlaces(paths) };
      return told(await openImageKey(outside, parts, source));
    },
  };
}

/** A file of settings that is wrong has ended the command before. */
async function keyPlaces({ root }: ProjectPaths): Promise<KeyPlaces> {
  const workspace = await openWorkspace(root);
  const environment = workspace.ok ? pickEnvironment(workspace.value, undefined) : workspace;
  return environment.ok ? environment.value.keys : LOCAL_KEYS;
}

function told<T>(opened: Result<T, ProjectFailure>): Result<T, SigningFault> {
  if (opened.ok) return opened;
  const { hint, message } = opened.error;
  return err(hint === undefined ? { kind: "keys", message } : { kind: "keys", message, hint });
}
