import { join } from "node:path";
import { isJsonObject, parseJson } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { BOM_LIMIT_BYTES, readCyclonedx } from "../../image/bom_reader.ts";
import { platformOf, readBaseConfig } from "../../image/base_image.ts";
import { type Digest, digestOf, hexOf } from "../../image/digest.ts";
import { objectsIn } from "../../image/json_fields.ts";
import type { Platform } from "../../image/platform.ts";
import type { BomFormat } from "../image_contents.ts";
import { answering, isAbsent } from "./file_answer.ts";
import { documentFile, documentTypes, type ImageDocument } from "./image_documents.ts";
import { damageFault, type ImageFault } from "./image_fault.ts";
import { layoutAttachments } from "./layout_attachments.ts";
import type { LayoutImage } from "./layout_base.ts";
import { readLayoutBlob } from "./layout_folder.ts";
import { DOCUMENTS } from "./layout_writer.ts";
import { sha256 } from "./sha256.ts";

const FORMATS: readonly BomFormat[] = ["cyclonedx", "spdx"];

/**
 * The bills of materials of an image of a layout, as they are stored: attached to it where somebody vouched for it, else beside
 * it. There is one about each platform's manifest and one about the index, in each format that was asked for when it was built;
 * none where none were. Each that lies beside it is about what it lies beside, or it is damage; that nobody altered it otherwise
 * is for a signature to say.
 */
export async function imageBoms(image: LayoutImage): Promise<Result<readonly ImageDocument[], ImageFault>> {
  const subjects = await subjectsOf(image);
  if (!subjects.ok) return subjects;
  const documents: ImageDocument[] = [];
  for (const format of FORMATS) {
    for (const { digest: subject, platform } of subjects.value) {
      const attached = await attachedDocument(image, format, subject);
      if (!attached.ok) return attached;
      const bytes = attached.value === undefined ? await besideDocument(image, format, subject) : attached;
      if (!bytes.ok) return bytes;
      if (bytes.value === undefined) continue;
      const digest = digestOf(sha256, bytes.value);
      documents.push({ ...documentTypes(format), format, subject, platform, digest, bytes: bytes.value });
    }
  }
  return ok(documents);
}

/** What others attached may be about whatever they like; only what says that it is about the image counts. */
async function attachedDocument(
  { layout }: LayoutImage,
  format: BomFormat,
  subject: Digest,
): Promise<Result<Uint8Array<ArrayBuffer> | undefined, ImageFault>> {
  const attachments = layoutAttachments(layout);
  const listed = await attachments.list(subject);
  if (!listed.ok) return listed;
  const { mediaType } = documentTypes(format);
  for (const { manifest, via } of listed.value) {
    const [document] = manifest.layers;
    if (via !== "list" || manifest.artifactType !== mediaType || document === undefined) continue;
    const bytes = await attachments.read(document);
    if (!bytes.ok) return bytes;
    if (subjectFault(bytes.value, format, subject) === undefined) return bytes;
  }
  return ok(undefined);
}

async function besideDocument(
  image: LayoutImage,
  format: BomFormat,
  subject: Digest,
): Promise<Result<Uint8Array<ArrayBuffer> | undefined, ImageFault>> {
  const bytes = await readDocument(image, documentFile(subject, format));
  if (!bytes.ok || bytes.value === undefined) return bytes;
  const fault = subjectFault(bytes.value, format, subject);
  return fault === undefined
    ? bytes
    : err(damageFault(`Cannot trust the bill of materials of "${image.name}": ${fault}`));
}

interface Subject {
  readonly digest: Digest;
  /** `undefined`: an index. */
  readonly platform: Platform | undefined;
}

async function subjectsOf(image: LayoutImage): Promise<Result<readonly Subject[], ImageFault>> {
  const { descriptor, document, layout, name } = image;
  if (document.kind === "index") {
    return ok([...document.entries, { digest: descriptor.digest, platform: undefined }]);
  }
  const bytes = await readLayoutBlob(layout, document.manifest.config);
  if (!bytes.ok) return bytes;
  const config = readBaseConfig(bytes.value, document.manifest);
  return config.ok
    ? ok([{ digest: descriptor.digest, platform: platformOf(config.value) }])
    : err(damageFault(`Cannot use the config of "${name}": ${config.error}`));
}

async function readDocument(
  { layout, name }: LayoutImage,
  file: string,
): Promise<Result<Uint8Array<ArrayBuffer> | undefined, ImageFault>> {
  const path = join(layout.folder, DOCUMENTS, file);
  const bytes = await answering(`Cannot read the bill of materials of "${name}"`, async () => {
    try {
      const { size } = await Deno.stat(path);
      return size <= BOM_LIMIT_BYTES ? await Deno.readFile(path) : new Uint8Array();
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  });
  return bytes;
}

function subjectFault(bytes: Uint8Array, format: BomFormat, subject: Digest): string | undefined {
  const told = format === "cyclonedx" ? cyclonedxSubject(bytes) : spdxSubject(bytes);
  if (!told.ok) return told.error;
  const about = told.value === undefined ? "nothing that it says the digest of" : `sha256:${told.value}`;
  return told.value === hexOf(subject) ? undefined : `it is about ${about}, and lies beside ${subject}`;
}

function cyclonedxSubject(bytes: Uint8Array): Result<string | undefined, string> {
  const read = readCyclonedx(bytes);
  return read.ok ? ok(read.value.subjectSha256) : read;
}

function spdxSubject(bytes: Uint8Array): Result<string | undefined, string> {
  const json = parseJson(new TextDecoder().decode(bytes));
  if (!isJsonObject(json) || json["spdxVersion"] !== "SPDX-2.3") return err("it is no document in SPDX 2.3");
  const [subject] = objectsIn(json, "packages");
  const [checksum] = subject === undefined ? [] : objectsIn(subject, "checksums");
  const value = checksum?.["checksumValue"];
  return ok(typeof value === "string" ? value : undefined);
}
