import { resolve } from "node:path";
import type { JsonObject } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { record, type ValueRecord } from "../../engine/value.ts";
import { encodeRecord } from "../../engine/value_codec.ts";
import { type Digest, digestOf } from "../../image/digest.ts";
import { IMAGE_FORM, inputDigest } from "../../image/input_digest.ts";
import { parseReference, referenceText } from "../../image/reference.ts";
import { sourceDigest, type SourceFile } from "../../image/source_list.ts";
import { sectionFields } from "../field_reader.ts";
import type { BaseRequest } from "../image_tools.ts";
import { LOCK_FILE, readBaseLock } from "./base_lock.ts";
import { type CargoSurveyParts, surveyCargo } from "./cargo_survey.ts";
import { answering } from "./file_answer.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import type { ImageWish } from "./image_fields.ts";
import { findLayoutImage } from "./layout_base.ts";
import { openLayout } from "./layout_folder.ts";
import { readFiles } from "./read_files.ts";
import { sha256 } from "./sha256.ts";

/** What an image is made of beside its fields, as it lies there now. */
export interface ImageInputs {
  /** The fields of the section `inputs`. */
  readonly found: ValueRecord;
  readonly details: InputDetails;
}

/** What the digests among the inputs stand for, so that a difference can be told. */
export interface InputDetails {
  readonly files: readonly SourceFile[];
  readonly lockText: string | undefined;
}

/** Looks at everything that decides over the bytes of an image; builds nothing and reaches no registry. */
export async function findInputs(
  parts: CargoSurveyParts,
  wish: Pick<ImageWish, "build" | "extraInputs" | "exclude">,
): Promise<Result<ImageInputs, ImageFault>> {
  const { build } = wish;
  const { source } = build;
  const cargo = source.kind === "cargo" ? await surveyCargo(parts, { ...wish, ...source }) : undefined;
  if (cargo?.ok === false) return cargo;
  const files = source.kind === "prebuilt"
    ? await programFiles(parts.folder, source.programs)
    : ok(cargo?.value.files ?? []);
  if (!files.ok) return files;
  const beside = await besideDigest(parts.folder, build);
  if (!beside.ok) return beside;
  const base = await baseDigest(parts.folder, build.base);
  if (!base.ok) return base;
  const entries: readonly (readonly [string, string | undefined])[] = [
    ["source", sourceDigest(sha256, files.value)],
    ["lock", cargo?.value.lock],
    ["toolchain", cargo?.value.toolchain],
    ["base", base.value],
    ["files", beside.value],
    ["form", IMAGE_FORM],
  ];
  return ok({
    found: record(entries.flatMap(([name, text]) => text === undefined ? [] : [[name, text] as const])),
    details: { files: files.value, lockText: cargo?.value.lockText },
  });
}

/** What of the section `supply` decides over the image; the rest is about what is attached to it. */
const SUPPLY_INPUTS: ReadonlySet<string> = new Set(["allow_shell", "allow_dynamic"]);

/**
 * The digest of all that an image is made of, from its fields with what was found among them. Where it goes, and what is
 * attached to it, is no part of it.
 */
export function inputHash(fields: ValueRecord): Digest {
  const { name } = sectionFields(fields, "identity");
  const supply = Object.entries(sectionFields(fields, "supply")).filter(([each]) => SUPPLY_INPUTS.has(each));
  const sections: JsonObject = encodeRecord(record([
    ...["source", "image", "inputs"].map((each) => [each, given(sectionFields(fields, each))] as const),
    ["supply", given(record(supply))],
  ]));
  return inputDigest(sha256, { ...sections, name: encodeRecord(record([["name", name ?? null]])) });
}

/** A field that is not given and one that is null are one. */
function given(fields: ValueRecord): ValueRecord {
  return record(Object.entries(fields).filter(([, value]) => value !== null));
}

async function programFiles(
  folder: string,
  programs: readonly { readonly platform: string; readonly path: string }[],
): Promise<Result<readonly SourceFile[], ImageFault>> {
  const files: SourceFile[] = [];
  for (const { path } of programs) {
    const bytes = await answering(`Cannot read "${path}"`, () => Deno.readFile(resolve(folder, path)));
    if (!bytes.ok) return bytes;
    files.push({ path, type: "x", hash: sha256(bytes.value) });
  }
  return ok(files);
}

async function besideDigest(
  folder: string,
  { caBundle, files }: ImageWish["build"],
): Promise<Result<Digest | undefined, ImageFault>> {
  const bundle = caBundle === undefined ? [] : [{ from: caBundle, to: "/ca_certificates" }];
  if (files.length + bundle.length === 0) return ok(undefined);
  // One after the other: the certificates may have the path of a file.
  const [own, certificates] = [await readFiles(folder, files), await readFiles(folder, bundle)];
  if (!own.ok) return own;
  if (!certificates.ok) return certificates;
  const lines = [...own.value, ...certificates.value].map(({ bytes, mode, path }) =>
    `${sha256(bytes)} ${mode.toString(8)} ${path}\n`
  );
  return ok(digestOf(sha256, new TextEncoder().encode(lines.toSorted().join(""))));
}

/** What a base stands for: the lock says it, or the base itself. */
async function baseDigest(
  folder: string,
  base: BaseRequest | undefined,
): Promise<Result<Digest | undefined, ImageFault>> {
  if (base === undefined) return ok(undefined);
  if (base.kind === "layout") {
    const layout = await openLayout(resolve(folder, base.layout), base.layout);
    const image = layout.ok ? await findLayoutImage(layout.value, base.tag) : layout;
    return image.ok ? ok(image.value.descriptor.digest) : image;
  }
  const reference = parseReference(base.reference);
  if (!reference.ok) return err(imageFault(`Cannot use "${base.reference}" as a base: ${reference.error}`));
  if (reference.value.digest !== undefined) return ok(reference.value.digest);
  const lock = await readBaseLock(folder);
  if (!lock.ok) return lock;
  const name = referenceText({ ...reference.value, tag: reference.value.tag ?? "latest" });
  const digest = lock.value.get(name);
  return digest === undefined
    ? err(
      imageFault(
        `Cannot build on "${base.reference}": ${LOCK_FILE} does not name it`,
        `Run: smelt image lock ${name}`,
      ),
    )
    : ok(digest);
}
