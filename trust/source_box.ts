/**
 * Ciphertexts that stand in files. Each is a box (`sealed_box.ts`) in base64url, bound to the environment's incarnation and to
 * the place in the files that it was made for: `source|stream|place`, which is the associated data of no blob.
 */
import { formatCiphertext, parseCiphertext } from "../engine/ciphertext.ts";
import type { Random } from "../engine/random.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { fromBase64url, toBase64url } from "./base64url.ts";
import { openBox, sealBox } from "./sealed_box.ts";
import type { SecretKeys } from "./secret_keys.ts";
import type { SourceFault } from "./vault_port.ts";

/** What these ciphertexts are made with. */
interface SourceParts {
  readonly stream: string;
  readonly keys: SecretKeys;
  readonly random: Random;
}

/** Encrypts a text under the active data key, for one place. */
export async function sealSource(parts: SourceParts, place: string, text: string): Promise<string> {
  const dataKey = parts.keys.active;
  const key = await parts.keys.dataKeys.get(dataKey);
  if (key === undefined) throw new Error(`Cannot encrypt: the data key ${dataKey} is not here`);
  const box = await sealBox(key, parts.random, bound(parts, place), new TextEncoder().encode(text));
  return formatCiphertext({ dataKey, box: toBase64url(box) });
}

/** Decrypts what `sealSource` made for this place. */
export async function openSource(
  parts: SourceParts,
  place: string,
  ciphertext: string,
): Promise<Result<string, SourceFault>> {
  const parsed = parseCiphertext(ciphertext);
  const box = parsed && fromBase64url(parsed.box);
  if (parsed === undefined || box === undefined) return err({ kind: "Malformed" });
  const { dataKey } = parsed;
  const key = await parts.keys.dataKeys.get(dataKey);
  if (key === undefined) return err({ kind: "KeyAbsent", dataKey });
  const clear = await openBox(key, bound(parts, place), box);
  return clear === undefined ? err({ kind: "Refused" }) : ok(new TextDecoder().decode(clear));
}

function bound({ stream }: SourceParts, place: string): string {
  return `source|${stream}|${place}`;
}
