import { canonicalJson } from "../engine/canonical_json.ts";
import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { tarEntries, type TarEntry } from "./tar_entries.ts";

/** One platform's image, as far as it can be compared. */
export interface ComparedImage {
  readonly platform: string;
  /** Of the manifest, whose other parts follow from config and layers. */
  readonly annotations: Json;
  readonly config: JsonObject;
  /** Archives of layers by their diffID, as far as they are here. */
  readonly archives: ReadonlyMap<string, Uint8Array>;
}

/**
 * The first thing in which two images differ, as a sentence about the second against the first: a platform, an entry of a
 * layer, a field of the config, an annotation. `undefined` when there is none.
 */
export function firstDifference(
  before: readonly ComparedImage[],
  after: readonly ComparedImage[],
): string | undefined {
  const [left, right] = [before, after].map((images) => images.map(({ platform }) => platform).join(", "));
  if (left !== right) return `the platforms are ${right}, not ${left}`;
  for (const [index, first] of before.entries()) {
    const second = after[index];
    const found = second === undefined ? undefined : imageDifference(first, second);
    if (found !== undefined) return `${first.platform}: ${found}`;
  }
  return undefined;
}

function imageDifference(before: ComparedImage, after: ComparedImage): string | undefined {
  return layerDifference(before, after) ?? jsonDifference("config", before.config, after.config) ??
    jsonDifference("annotations", before.annotations, after.annotations);
}

function layerDifference(before: ComparedImage, after: ComparedImage): string | undefined {
  const [left, right] = [diffIdsOf(before), diffIdsOf(after)];
  for (const [index, diffId] of left.entries()) {
    const other = right[index];
    if (other === undefined || other === diffId) continue;
    const [first, second] = [before.archives.get(diffId), after.archives.get(other)];
    const found = first === undefined || second === undefined ? undefined : entryDifference(first, second);
    return `layer ${index + 1}: ${found ?? `it is ${other}, not ${diffId}`}`;
  }
  return left.length === right.length ? undefined : `it has ${right.length} layers, not ${left.length}`;
}

function diffIdsOf({ config }: ComparedImage): readonly string[] {
  const rootfs = config["rootfs"];
  const ids = isJsonObject(rootfs) ? rootfs["diff_ids"] : undefined;
  return Array.isArray(ids) ? ids.filter((each) => typeof each === "string") : [];
}

function entryDifference(before: Uint8Array, after: Uint8Array): string | undefined {
  const [left, right] = [tarEntries(before), tarEntries(after)];
  if (!left.ok || !right.ok) return undefined;
  for (let index = 0; index < Math.max(left.value.length, right.value.length); index++) {
    const [first, second] = [left.value[index], right.value[index]];
    if (first === undefined) return `/${second?.path ?? ""} is new`;
    if (second === undefined) return `/${first.path} is gone`;
    const found = oneDifference(first, second);
    if (found !== undefined) return found;
  }
  return undefined;
}

function oneDifference(first: TarEntry, second: TarEntry): string | undefined {
  const path = `/${first.path}`;
  if (first.path !== second.path) return `/${second.path} stands where ${path} was`;
  if (first.type !== second.type) return `${path} is of another kind`;
  if (first.target !== second.target) return `${path} leads to ${second.target}, not ${first.target}`;
  if (first.mode !== second.mode) {
    return `${path} has mode ${second.mode.toString(8)}, not ${first.mode.toString(8)}`;
  }
  if (first.mtime !== second.mtime) return `${path} is of ${second.mtime}, not ${first.mtime}`;
  const at = firstOther(first.content, second.content);
  if (at === undefined) return undefined;
  const sizes = first.content.length === second.content.length
    ? `${first.content.length} bytes`
    : `${second.content.length} bytes, not ${first.content.length}`;
  return `${path} differs from byte ${at} on (${sizes})`;
}

function firstOther(before: Uint8Array, after: Uint8Array): number | undefined {
  const length = Math.max(before.length, after.length);
  for (let index = 0; index < length; index++) if (before[index] !== after[index]) return index;
  return undefined;
}

function jsonDifference(path: string, before: Json, after: Json): string | undefined {
  if (isJsonObject(before) && isJsonObject(after)) {
    for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()) {
      const found = jsonDifference(`${path}.${key}`, before[key] ?? null, after[key] ?? null);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  const [left, right] = [before, after].map(canonicalJson);
  return left === right ? undefined : `${path} is ${right}, not ${left}`;
}
