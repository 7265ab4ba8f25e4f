import { isRecord, record, type Value, type ValueRecord } from "../../engine/value.ts";
import { type Digest, parseDigest } from "../../image/digest.ts";
import { compareText } from "../../engine/text_order.ts";
import { type Reference, referenceText } from "../../image/reference.ts";
import { sectionFields, textList } from "../field_reader.ts";
import type { BomFormat } from "../image_contents.ts";
import type { LiveObject } from "../provider.ts";
import { repositoryText, supplyWish } from "./image_fields.ts";
import type { PublishedState } from "./publish_image.ts";
import type { DocumentFacts } from "./registry_image.ts";
import type { Supply } from "./supply_image.ts";

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
  /** Which advisories it was held against. */
  readonly audit: Value;
}

/** The image as the engine knows it: a tag that points elsewhere is none of its tags. */
export function liveImage(
  { fields, id, repository }: {
    readonly id: string;
    readonly repository: Reference;
    readonly fields: ValueRecord;
  },
  { state, supply }: PublishedState,
  outputs: ImageOutputs,
): LiveObject {
  const { digest, tags } = state;
  const own = [...tags].filter(([, at]) => at === digest).map(([tag]) => tag).toSorted(compareText);
  const { tags: _tags, ...publish } = sectionFields(fields, "publish");
  const sections = Object.entries(fields)
    .filter(([name]) => name !== "inputs" && name !== "publish")
    .map(([name, value]) =>
      [name, name === "supply" ? liveSupply(sectionFields(fields, name), supply) : value] as const
    );
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
      ["sbom", record(supply.boms)],
      ["signature", supply.signature ?? null],
      ["provenance", supply.provenance ?? null],
      ["audit", outputs.audit],
    ]),
    precondition: stateText(state),
  };
}

/** What is asked to be attached and is not, is not there. */
function liveSupply(fields: ValueRecord, supply: Supply): ValueRecord {
  const { formats, provenance, sign } = supplyWish(fields);
  const [first, ...others] = formats.filter((each) => supply.boms.has(each));
  const boms = first === undefined ? "none" : others.length === 0 ? first : "both";
  const isSigned = sign !== undefined && supply.signature !== undefined;
  const isStated = provenance === "stated" && (sign === undefined || supply.provenance !== undefined);
  return record(
    Object.entries(fields).flatMap(([name, value]): readonly (readonly [string, Value])[] => {
      if (name === "sbom" && formats.length > 0) return [[name, boms]];
      if (name === "provenance") return [[name, isStated]];
      return name === "sign" && !isSigned ? [] : [[name, value]];
    }),
  );
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
  const {
    audit = null,
    base = null,
    input_hash: inputHash = null,
    platforms,
    source_hash: sourceHash = null,
  } = outputs;
  return isRecord(platforms) ? { platforms, base, sourceHash, inputHash, audit } : undefined;
}

/** What outputs of before say of what was attached; `undefined` where they are of before there was anything. */
export function rememberedSupply(outputs: ValueRecord): Supply | undefined {
  const { provenance, sbom, signature } = outputs;
  if (sbom === undefined || !isRecord(sbom)) return undefined;
  const formats: readonly BomFormat[] = ["cyclonedx", "spdx"];
  return {
    boms: new Map(formats.flatMap((format) => {
      const digests = textList(sbom, format);
      return digests.length === 0 ? [] : [[format, digests] as const];
    })),
    signature: typeof signature === "string" ? signature : undefined,
    provenance: typeof provenance === "string" ? provenance : undefined,
  };
}

/** The digests of all that something may be attached to: the image, and those of its platforms. */
export function subjectsIn(digest: Digest, platforms: Value): readonly Digest[] {
  const parts = isRecord(platforms) ? Object.values(platforms) : [];
  const manifests = parts.flatMap((each) => isRecord(each) ? each["manifest"] ?? [] : []);
  const digests = manifests.flatMap((each) => typeof each === "string" ? parseDigest(each) ?? [] : []);
  return [...new Set([digest, ...digests])];
}
