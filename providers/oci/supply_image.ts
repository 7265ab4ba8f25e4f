import type { Random } from "../../engine/random.ts";
import { ok, type Result } from "../../engine/result.ts";
import { instantOf } from "../../image/assemble_image.ts";
import type { Descriptor } from "../../image/descriptor.ts";
import type { Digest } from "../../image/digest.ts";
import { PROVENANCE_PREDICATE, SIGNATURE_PREDICATE } from "../../image/image_statement.ts";
import { BUNDLE_PREDICATE, BUNDLE_TYPE } from "../../image/sigstore_bundle.ts";
import type { JsonObject } from "../../engine/json.ts";
import type { BomFormat } from "../image_contents.ts";
import type { ImageSigner, SigningFault } from "../image_trust.ts";
import {
  type AttachedDocument,
  makeAttachments,
  type NamedAttachment,
  provenanceOf,
  signatureDocument,
} from "./attach_image.ts";
import type { Attached, AttachmentPlace } from "./attached.ts";
import { imageBoms } from "./image_boms.ts";
import { documentTypes } from "./image_documents.ts";
import type { ImageFault } from "./image_fault.ts";
import { type ImageWish, repositoryText, type SupplyWish } from "./image_fields.ts";
import type { LayoutImage } from "./layout_base.ts";
import { putBlob } from "./layout_writer.ts";
import { pushAttachments } from "./push_attachments.ts";
import { listReferrers, registryAttachments } from "./registry_attachments.ts";
import type { RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";

/** What vouching for images works with. */
export interface SupplyParts {
  readonly random: Random;
  /** Takes a key into use: the name of one of the project, or `kms:` and one of AWS KMS. */
  openSigner(name: string): Promise<Result<ImageSigner, SigningFault>>;
}

/** What is attached to an image, each by the digest of its manifest. */
export interface Supply {
  /** All that there are of a format, and what signs them; a format of which something lacks is not there. */
  readonly boms: ReadonlyMap<BomFormat, readonly string[]>;
  readonly signature: string | undefined;
  readonly provenance: string | undefined;
}

/** Nothing. */
export const NO_SUPPLY: Supply = { boms: new Map(), signature: undefined, provenance: undefined };

type Fault = RegistryFault | ImageFault;

/** Whether anything is to be attached. */
export function isSupplied({ formats, sign }: SupplyWish): boolean {
  return formats.length > 0 || sign !== undefined;
}

/** An image that its repository holds, and how it was built. */
export interface SuppliedImage {
  readonly image: LayoutImage;
  readonly wish: ImageWish;
  readonly provenance: JsonObject | undefined;
}

/** Attaches to an image in its repository what is asked for, as far as it is not there. Nothing is attached twice. */
export async function attachSupply(
  parts: SupplyParts,
  client: RegistryClient,
  { image, provenance, wish }: SuppliedImage,
): Promise<Result<Supply, Fault>> {
  const { build: { epoch = 0 }, repository, supply } = wish;
  if (!isSupplied(supply)) return ok(NO_SUPPLY);
  const documents = await documentsOf(image, supply, provenance);
  if (!documents.ok) return documents;
  const signer = supply.sign === undefined ? ok(undefined) : await parts.openSigner(supply.sign);
  if (!signer.ok) return signer;
  const made = await makeAttachments(onceListed(registryAttachments(client)), {
    documents: documents.value,
    signer: signer.value,
    repository: repositoryText(repository),
    created: instantOf(epoch),
    cosignTags: "left",
  });
  if (!made.ok) return made;
  const { blobs, entries, named } = made.value;
  for (const blob of blobs) {
    const put = await putBlob(parts.random, image.layout, blob);
    if (!put.ok) return put;
  }
  const layout = { ...image.layout, entries };
  const pushed = await pushAttachments(client, layout, subjectsOf(image).map(({ digest }) => digest));
  return pushed.ok ? ok(supplyOf(named)) : pushed;
}

function subjectsOf({ descriptor, document }: LayoutImage): readonly Descriptor[] {
  return [descriptor, ...document.kind === "index" ? document.entries : []];
}

async function documentsOf(
  image: LayoutImage,
  { formats, provenance: isStated, sign }: SupplyWish,
  provenance: JsonObject | undefined,
): Promise<Result<readonly AttachedDocument[], Fault>> {
  const subjects = subjectsOf(image);
  const boms = await imageBoms(image);
  if (!boms.ok) return boms;
  const asked = boms.value.filter(({ format }) => formats.includes(format));
  const attached = asked.flatMap(({ bytes, mediaType, predicateType, subject: digest }) => {
    const subject = subjects.find((each) => each.digest === digest);
    return subject === undefined ? [] : [{ bytes, mediaType, predicateType, subject }];
  });
  if (sign === undefined) return ok(attached);
  const stated = isStated === "stated" && provenance !== undefined
    ? [provenanceOf(image.descriptor, subjects.slice(1), provenance)]
    : [];
  return ok([...attached, signatureDocument(image.descriptor), ...stated]);
}

/** Asks what is attached to an image once, however many documents are held against it. */
function onceListed(place: AttachmentPlace): AttachmentPlace {
  const known = new Map<Digest, Promise<Result<readonly Attached[], Fault>>>();
  return {
    read: (descriptor) => place.read(descriptor),
    list: (subject) => {
      const listed = known.get(subject) ?? place.list(subject);
      known.set(subject, listed);
      return listed;
    },
  };
}

function supplyOf(named: readonly NamedAttachment[]): Supply {
  const digests = (types: readonly string[]) =>
    named.filter(({ type }) => types.includes(type)).map(({ digest }) => digest);
  const formats: readonly BomFormat[] = ["cyclonedx", "spdx"];
  const boms = formats.flatMap((format) => {
    const { mediaType, predicateType } = documentTypes(format);
    const found = digests([mediaType, predicateType]);
    return found.length === 0 ? [] : [[format, found] as const];
  });
  return {
    boms: new Map(boms),
    signature: digests([SIGNATURE_PREDICATE])[0],
    provenance: digests([PROVENANCE_PREDICATE])[0],
  };
}

/** What of a supply that is remembered is still listed, at the image and at those of its platforms. */
export async function listedSupply(
  client: RegistryClient,
  subjects: readonly Digest[],
  { boms, provenance, signature }: Supply,
): Promise<Result<Supply, Fault>> {
  const listed = new Set<string>();
  for (const subject of subjects) {
    const found = await listReferrers(client, subject, "pull");
    if (!found.ok) return found;
    found.value.referrers.forEach(({ descriptor }) => listed.add(descriptor.digest));
  }
  const kept = (digest: string | undefined) =>
    digest !== undefined && listed.has(digest) ? digest : undefined;
  return ok({
    boms: new Map([...boms].filter(([, digests]) => digests.every((each) => listed.has(each)))),
    signature: kept(signature),
    provenance: kept(provenance),
  });
}

/** What is attached, where nobody remembers it: by what it says itself. Whether it is worth anything is for `image verify` to say. */
export async function foundSupply(
  client: RegistryClient,
  subjects: readonly Digest[],
): Promise<Result<Supply, Fault>> {
  const place = registryAttachments(client);
  const named: NamedAttachment[] = [];
  for (const subject of subjects) {
    const found = await place.list(subject);
    if (!found.ok) return found;
    for (const { descriptor: { digest }, manifest: { annotations, artifactType }, via } of found.value) {
      if (via !== "list") continue;
      const type = artifactType === BUNDLE_TYPE ? annotations[BUNDLE_PREDICATE] ?? "" : artifactType;
      named.push({ digest, subject, type });
    }
  }
  const { boms, ...rest } = supplyOf(named);
  const isWhole = (format: BomFormat) =>
    subjects.every((subject) =>
      named.some((each) => each.subject === subject && each.type === documentTypes(format).mediaType)
    );
  return ok({ ...rest, boms: new Map([...boms].filter(([format]) => isWhole(format))) });
}
