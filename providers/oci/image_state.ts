import { isRecord, record, type Value, type ValueRecord } from "../../engine/value.ts";
import { type Digest, parseDigest } from "../../image/digest.ts";
import { compareText } from "../../engine/text_order.ts";
import { type Reference, referenceText } from "../../image/reference.ts";
import { sectionFields } from "../field_reader.ts";
import type { LiveObject } from "../provider.ts";
import { repositoryText } from "./image_fields.ts";
import type { DocumentFacts } from "./registry_image.ts";

/** Where tags point; `undefined`: nowhere. */
export type TagPlaces = ReadonlyMap<string, Digest | undefined>;

/** An image in its repository, and where its tags point. */
export interface ImageState {
  readonly digest: Digest;
  readonly tags: TagPlaces;
}

const NOWHERE = "-";

/** The state as text: equal exactly when the image and all its tags are where they were. */
export function stateText({ digest, tags }: ImageState): string {
  const places = [...tags].toSorted(([a], [b]) => compareText(a, b)).map(([tag, at]) =>
    `${tag}=${at ?? NOWHERE}`
  );
  return [digest, ...places].join(" ");
}

/** Reads what `stateText` writes; `undefined` for anything else. */
export function parseState(text: string): ImageState | undefined {
  const [first = "", ...places] = text.split(" ");
  const digest = parseDigest(first);
  if (digest === undefined) return undefined;
  const tags = new Map<string, Digest | undefined>();
  for (const place of places) {
    const equals = place.indexOf("=");
    const at = place.slice(equals + 1);
    const parsed = parseDigest(at);
    if (equals < 1 || (parsed === undefined && at !== NOWHERE)) return undefined;
    tags.set(place.slice(0, equals), parsed);
  }
  return { digest, tags };
}

/** What is told of an image beside its state. */
export interface ImageOutputs {
  readonly platforms: Value;
  readonly base: Value;
  readonly sourceHash: Value;
  readonly inputHash: Value;
}

/** The image as the engine knows it: a tag that points elsewhere is none of its tags. */
export function liveImage(
  { fields, id, repository }: {
    readonly id: string;
    readonly repository: Reference;
    readonly fields: ValueRecord;
  },
  state: ImageState,
  outputs: ImageOutputs,
): LiveObject {
  const { digest, tags } = state;
  const own = [...tags].filter(([, at]) => at === digest).map(([tag]) => tag).toSorted(compareText);
  const { tags: _tags, ...publish } = sectionFields(fields, "publish");
  const sections = Object.entries(fields).filter(([name]) => name !== "inputs" && name !== "publish");
  const ref = (tag: string) => referenceText({ ...repository, tag, digest: undefined });
  return {
    id,
    fields: record([...sections, ["publish", record([...Object.entries(publish), ["tags", own]])]]),
    outputs: record([
      ["digest", digest],
      ["ref", `${repositoryText(repository)}@${digest}`],
      ["tag_refs", record(own.map((tag) => [tag, ref(tag)] as const))],
      ["platforms", outputs.platforms],
      ["base", outputs.base],
      ["source_hash", outputs.sourceHash],
      ["input_hash", outputs.inputHash],
    ]),
    precondition: stateText(state),
  };
}

/** The output `platforms`. */
export function platformsValue(platforms: readonly DocumentFacts[]): Value {
  return record(platforms.map(({ config, layers, manifest, platform }) =>
    [
      platform,
      record([
        ["manifest", manifest],
        ["config", config],
        [
          "layers",
          layers.map(({ diffId, digest, sizeBytes }) =>
            record([["digest", digest], ["diff_id", diffId], ["size_bytes", sizeBytes]])
          ),
        ],
      ]),
    ] as const
  ));
}

/** What outputs of before say beside the state. */
export function rememberedOutputs(outputs: ValueRecord): ImageOutputs | undefined {
  const { base = null, input_hash: inputHash = null, platforms, source_hash: sourceHash = null } = outputs;
  return isRecord(platforms) ? { platforms, base, sourceHash, inputHash } : undefined;
}
