import { err, type Result } from "../engine/result.ts";
import type { DataKeySource } from "./data_key_source.ts";
import { type KeyFileFault, keyFileFault } from "./key_file_fault.ts";
import type { KmsKeyName } from "./kms_key_name.ts";
import { keepWrappedKey, type ReachKms, type WrappedPlace } from "./kms_secret_keys.ts";
import { secretKeyPath } from "./secret_keys.ts";

/** Data keys as `files` has them, but that new ones are kept wrapped under a key of the service: none lies in clear. */
export function wrappedDataKeys(
  files: DataKeySource,
  reach: ReachKms,
  { under, place }: { readonly under: KmsKeyName; readonly place: WrappedPlace },
): DataKeySource {
  return { ...files, keep: (id, bytes) => keep(reach, under, { use: "encrypt", place, id, bytes }) };
}

async function keep(
  reach: ReachKms,
  under: KmsKeyName,
  wanted: Parameters<typeof keepWrappedKey>[2],
): Promise<Result<void, KeyFileFault>> {
  const { id, place: { environment, folder } } = wanted;
  const path = secretKeyPath(folder, { environment, use: "encrypt", id });
  const locked = (why: string) => err(keyFileFault("Locked", path, why, "Cannot make the key file"));
  const kms = await reach(under);
  if (!kms.ok) return locked(kms.error.message);
  const kept = await keepWrappedKey(kms.value, under, wanted);
  if (kept.ok) return kept;
  return "path" in kept.error ? err(kept.error) : locked(kept.error.message);
}
