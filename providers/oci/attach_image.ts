import { canonicalJson } from "../../engine/canonical_json.ts";
import type { JsonObject } from "../../engine/json.ts";
import { ok, type Result } from "../../engine/result.ts";
import { type Attachment, attachmentEntry, makeAttachment } from "../../image/attachment.ts";
import {
  type CosignLayer,
  cosignManifest,
  type CosignTag,
  cosignTag,
  signatureLayer,
  simpleSigningPayload,
  statementLayer,
} from "../../image/cosign_tags.ts";
import { type Blob, blobOf, type Descriptor, descriptorJson, jsonBlob } from "../../image/descriptor.ts";
import type { Digest } from "../../image/digest.ts";
import {
  type ImageStatement,
  PROVENANCE_PREDICATE,
  readStatement,
  SIGNATURE_PREDICATE,
  statementJson,
} from "../../image/image_statement.ts";
import { REF_NAME } from "../../image/layout.ts";
import { type BuildFacts, provenanceJson, sameBuild } from "../../image/provenance.ts";
import {
  BUNDLE_CONTENT,
  BUNDLE_PREDICATE,
  BUNDLE_TYPE,
  bundleJson,
  ENVELOPE_CONTENT,
} from "../../image/sigstore_bundle.ts";
import type { ImageSigner } from "../image_trust.ts";
import type { AttachmentPlace } from "./attached.ts";
import type { ImageFault } from "./image_fault.ts";
import { type FoundStatement, openStatements } from "./open_statements.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { sha256 } from "./sha256.ts";

type Fault = RegistryFault | ImageFault;

/** Types, subjects and digests of a statement, without its predicate. */
const STATEMENT_ROOM_BYTES = 1024;
const CREATED = "org.opencontainers.image.created";

/** A document about an image, or about the image of one platform, such as a bill of materials. */
export interface AttachedDocument {
  /** Of the document as it is, which anybody may read without asking who signed it; `undefined`: it goes into a statement only. */
  readonly mediaType: string | undefined;
  /** What a signed statement says that it is; `undefined`: it is not signed. */
  readonly predicateType: string | undefined;
  /** JSON, where it is signed. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly subject: Descriptor;
  /** What else the statement is about; none where left out. */
  readonly parts?: readonly Descriptor[];
}

/** What to attach, and who stands for it. */
export interface AttachRequest {
  readonly documents: readonly AttachedDocument[];
  /** `undefined`: nobody, and only documents are attached as they are. */
  readonly signer: ImageSigner | undefined;
  /** Where the image is going to, for people and for cosign. */
  readonly repository: string;
  /** RFC 3339: what the attachments say of when they were made. */
  readonly created: string;
  readonly cosignTags: "written" | "left";
}

/** Blobs, in the order in which they may be written, and what the index of a layout says of them. */
export interface MadeAttachments {
  readonly blobs: readonly Blob[];
  readonly entries: readonly JsonObject[];
  /** What stands for each document now, what was there before among it; those under tags of cosign are not told. */
  readonly named: readonly NamedAttachment[];
}

/** An attachment, and what it is. */
export interface NamedAttachment {
  /** Of its manifest. */
  readonly digest: Digest;
  readonly subject: Digest;
  /** The media type of a document as it is, or the predicate type of a statement. */
  readonly type: string;
}

/** That somebody stands for an image, as a document. */
export function signatureDocument(subject: Descriptor): AttachedDocument {
  const bytes = new TextEncoder().encode("{}");
  return { mediaType: undefined, predicateType: SIGNATURE_PREDICATE, bytes, subject };
}

/** How an image was built, as a document; `parts` are the manifests of its platforms. */
export function provenanceDocument(
  subject: Descriptor,
  parts: readonly Descriptor[],
  facts: BuildFacts,
): AttachedDocument {
  return provenanceOf(subject, parts, provenanceJson(facts));
}

/** The same, of what was told of the build before. */
export function provenanceOf(
  subject: Descriptor,
  parts: readonly Descriptor[],
  predicate: JsonObject,
): AttachedDocument {
  const bytes = jsonBytes(predicate);
  return { mediaType: undefined, predicateType: PROVENANCE_PREDICATE, bytes, subject, parts };
}

/**
 * Makes what is to be attached, beside what `held` has: a statement that the same key has made already of the same image is not
 * made again, so that signing twice changes nothing.
 */
export async function makeAttachments(
  held: AttachmentPlace,
  request: AttachRequest,
): Promise<Result<MadeAttachments, Fault>> {
  const made: Attachment[] = [];
  const tagged: TaggedLayer[] = [];
  const named: NamedAttachment[] = [];
  for (const document of request.documents) {
    const { mediaType, predicateType = "", subject: { digest: subject } } = document;
    if (mediaType !== undefined) {
      const plain = plainAttachment(document, mediaType, request.created);
      made.push(plain);
      named.push({ digest: plain.manifest.digest, subject, type: mediaType });
    }
    const signed = await signDocument(held, request, document);
    if (!signed.ok) return signed;
    made.push(...signed.value.attachments);
    tagged.push(...signed.value.tagged);
    const { statement } = signed.value;
    if (statement !== undefined) named.push({ digest: statement, subject, type: predicateType });
  }
  const tags = await tagManifests(held, tagged);
  if (!tags.ok) return tags;
  return ok({
    blobs: [...made.flatMap(({ manifest, parts }) => [...parts, manifest]), ...tags.value.blobs],
    entries: [...made.map(attachmentEntry), ...tags.value.entries],
    named,
  });
}

function plainAttachment(document: AttachedDocument, mediaType: string, created: string): Attachment {
  return makeAttachment(sha256, {
    artifactType: mediaType,
    document: blobOf(sha256, mediaType, document.bytes),
    subject: document.subject,
    annotations: { [CREATED]: created },
  });
}

interface TaggedLayer {
  readonly subject: Digest;
  readonly tag: CosignTag;
  readonly layer: CosignLayer;
}

interface SignedDocument {
  readonly attachments: readonly Attachment[];
  readonly tagged: readonly TaggedLayer[];
  /** The manifest of its statement, new or not; `undefined` where there is none. */
  readonly statement: Digest | undefined;
}

const UNSIGNED: SignedDocument = { attachments: [], tagged: [], statement: undefined };

/** A document with everything that signing it takes. */
interface Signing extends AttachRequest {
  readonly document: AttachedDocument;
  readonly predicateType: string;
  readonly signer: ImageSigner;
  /** What the key has signed of the subject before. */
  readonly before: readonly FoundStatement[];
}

async function signDocument(
  held: AttachmentPlace,
  request: AttachRequest,
  document: AttachedDocument,
): Promise<Result<SignedDocument, Fault>> {
  const { cosignTags, signer } = request;
  const { predicateType, subject } = document;
  if (predicateType === undefined || signer === undefined) return ok(UNSIGNED);
  if (isTooLong(signer, document)) return ok(UNSIGNED);
  const before = await openStatements(held, subject.digest, [signer.key]);
  if (!before.ok) return before;
  const signing: Signing = { ...request, document, predicateType, signer, before: before.value };
  const envelope = await envelopeFor(signing);
  if (!envelope.ok) return envelope;
  const { attached, json } = envelope.value;
  const attachments = attached === undefined ? [bundleAttachment(signing, json)] : [];
  const statement = attached ?? attachments[0]?.manifest.digest;
  if (cosignTags === "left") return ok({ attachments, tagged: [], statement });
  const layer = predicateType === SIGNATURE_PREDICATE
    ? await payloadLayer(signing)
    : ok(statementLayer(sha256, json, predicateType));
  if (!layer.ok) return layer;
  const tag: CosignTag = predicateType === SIGNATURE_PREDICATE ? "sig" : "att";
  const tagged = layer.value === undefined ? [] : [{ subject: subject.digest, tag, layer: layer.value }];
  return ok({ attachments, tagged, statement });
}

/**
 * Whether a document is longer than its key signs, with room for the rest of a statement. One that is attached as it is goes
 * without a statement of its own then: the provenance vouches for it by its digest.
 */
function isTooLong({ limitBytes }: ImageSigner, { bytes, mediaType }: AttachedDocument): boolean {
  return limitBytes !== undefined && mediaType !== undefined &&
    bytes.length > limitBytes - STATEMENT_ROOM_BYTES;
}

/** The envelope that the key has signed before, or a new one. */
async function envelopeFor(
  { before, document, predicateType, repository, signer }: Signing,
): Promise<Result<{ readonly json: JsonObject; readonly attached: Digest | undefined }, Fault>> {
  const { bytes, parts = [], subject } = document;
  const predicate = JSON.parse(new TextDecoder().decode(bytes)) as JsonObject;
  const subjects = [...new Set([subject, ...parts].map(({ digest }) => digest))];
  const statement = { predicate, predicateType, subjects };
  const held = before.filter((each) => each.kind === "statement")
    .filter(({ payload }) => isSame(payload, statement));
  const [bundle] = held.filter(({ via }) => via === "list");
  const [any] = held;
  if (any !== undefined) return ok({ json: (bundle ?? any).envelope, attached: bundle?.from });
  const signed = await signer.signStatement(statementJson(repository, statement));
  return signed.ok ? ok({ json: signed.value, attached: undefined }) : signed;
}

/** Whether a payload says what `statement` says, but for when. */
function isSame(payload: Uint8Array, statement: ImageStatement): boolean {
  const read = readStatement(payload);
  return read.ok && canonicalJson(comparable(read.value)) === canonicalJson(comparable(statement));
}

function comparable({ predicate, predicateType, subjects }: ImageStatement): JsonObject {
  const said = predicateType === PROVENANCE_PREDICATE ? sameBuild(predicate) : predicate;
  return { predicate: said, predicateType, subjects: subjects.toSorted() };
}

function bundleAttachment(
  { created, document, predicateType, signer }: Signing,
  envelope: JsonObject,
): Attachment {
  return makeAttachment(sha256, {
    artifactType: BUNDLE_TYPE,
    document: jsonBlob(sha256, BUNDLE_TYPE, bundleJson(envelope, signer.key.id)),
    subject: document.subject,
    annotations: {
      [CREATED]: created,
      [BUNDLE_CONTENT]: ENVELOPE_CONTENT,
      [BUNDLE_PREDICATE]: predicateType,
    },
  });
}

/** A signature in cosign's older form; `undefined` where the key has made it before. */
async function payloadLayer(
  { before, document, repository, signer }: Signing,
): Promise<Result<CosignLayer | undefined, Fault>> {
  const payload = jsonBytes(simpleSigningPayload(repository, document.subject.digest));
  const isHeld = before.some((each) => each.kind === "signature" && sha256(each.payload) === sha256(payload));
  if (isHeld) return ok(undefined);
  const signature = await signer.signBytes(payload);
  return signature.ok ? ok(signatureLayer(sha256, payload, signature.value)) : signature;
}

/** Adds layers to the manifests that stand under the tags of cosign. */
async function tagManifests(
  held: AttachmentPlace,
  tagged: readonly TaggedLayer[],
): Promise<Result<Pick<MadeAttachments, "blobs" | "entries">, Fault>> {
  const blobs: Blob[] = [];
  const entries: JsonObject[] = [];
  const groups = Map.groupBy(tagged, ({ subject, tag }) => cosignTag(subject, tag));
  for (const [name, layers] of groups) {
    const [first] = layers;
    if (first === undefined) continue;
    const listed = await held.list(first.subject);
    if (!listed.ok) return listed;
    const before = listed.value.find(({ via }) => via === first.tag)?.manifest.layers ?? [];
    const { config, isNew, manifest } = cosignManifest(sha256, before, layers.map(({ layer }) => layer));
    if (!isNew) continue;
    blobs.push(...layers.map(({ layer }) => layer.blob), config, manifest);
    entries.push({ ...descriptorJson(manifest), annotations: { [REF_NAME]: name } });
  }
  return ok({ blobs, entries });
}

function jsonBytes(json: JsonObject): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(canonicalJson(json));
}
