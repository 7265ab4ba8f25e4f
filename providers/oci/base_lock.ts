import { join } from "node:path";
import { canonicalJson } from "../../engine/canonical_json.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../engine/json.ts";
import { type Random, randomId } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { type Digest, parseDigest } from "../../image/digest.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";

/** The file that says what the tags of bases stand for, so that a build is the same tomorrow. It belongs in version control. */
export const LOCK_FILE = "image.lock";

const VERSION = 1;

/** Digests by reference, as people write references. */
export type BaseLock = ReadonlyMap<string, Digest>;

/** Reads the lock of a folder; none is an empty one. */
export async function readBaseLock(folder: string): Promise<Result<BaseLock, ImageFault>> {
  const text = await answering(`Cannot read "${LOCK_FILE}"`, async () => {
    try {
      return await Deno.readTextFile(join(folder, LOCK_FILE));
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  });
  if (!text.ok) return text;
  return text.value === undefined ? ok(new Map()) : parseLock(text.value);
}

/** Writes the lock of a folder, as one step. */
export async function writeBaseLock(
  random: Random,
  folder: string,
  lock: BaseLock,
): Promise<Result<void, ImageFault>> {
  const path = join(folder, LOCK_FILE);
  return await answering(`Cannot write "${LOCK_FILE}"`, async () => {
    const temporary = join(folder, `.${LOCK_FILE}.${randomId(random)}`);
    await Deno.writeTextFile(temporary, lockText(lock), { createNew: true });
    await Deno.rename(temporary, path);
  });
}

function lockText(lock: BaseLock): string {
  const bases = Object.fromEntries([...lock].map(([reference, digest]) => [reference, { digest }]));
  // Canonical for its order, and in lines for whoever reads a change of it.
  return `${JSON.stringify(JSON.parse(canonicalJson({ bases, version: VERSION })), undefined, 2)}\n`;
}

function parseLock(text: string): Result<BaseLock, ImageFault> {
  const json = parseJson(text);
  const bases = isJsonObject(json) ? json["bases"] : undefined;
  if (!isJsonObject(json) || json["version"] !== VERSION || !isJsonObject(bases)) {
    return err(
      imageFault(`Cannot read "${LOCK_FILE}": wanted an object with "version": ${VERSION} and "bases"`),
    );
  }
  const lock = new Map<string, Digest>();
  for (const [reference, entry] of Object.entries(bases)) {
    const digest = digestIn(entry);
    if (digest === undefined) {
      return err(
        imageFault(`Cannot read "${LOCK_FILE}": the entry of "${reference}" holds no digest by sha256`),
      );
    }
    lock.set(reference, digest);
  }
  return ok(lock);
}

function digestIn(entry: Json): Digest | undefined {
  const digest = isJsonObject(entry) ? (entry as JsonObject)["digest"] : undefined;
  return typeof digest === "string" ? parseDigest(digest) : undefined;
}
