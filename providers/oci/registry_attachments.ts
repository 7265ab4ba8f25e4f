import { err, ok, type Result } from "../../engine/result.ts";
import { blobFault, MANIFEST_LIMIT_BYTES } from "../../image/base_image.ts";
import { type CosignTag, cosignTag } from "../../image/cosign_tags.ts";
import { blobOf, type Descriptor } from "../../image/descriptor.ts";
import type { Digest } from "../../image/digest.ts";
import { MEDIA_TYPES } from "../../image/media_type.ts";
import { readReferrers, type Referrer, referrersTag } from "../../image/referrers.ts";
import {
  type Attached,
  ATTACHED_LIMIT,
  attachedOf,
  type AttachmentPlace,
  DOCUMENT_LIMIT_BYTES,
  tooMany,
} from "./attached.ts";
import { damageFault, type ImageFault } from "./image_fault.ts";
import { limitedBytes, pullDocument } from "./pull_image.ts";
import { refusedUrl, type RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { urlFault } from "./registry_url.ts";
import { sha256 } from "./sha256.ts";
import { readTag } from "./update_tag.ts";

type Fault = RegistryFault | ImageFault;

/** What a registry lists as attached to an image. */
export interface ListedReferrers {
  /** `api`: the registry keeps the list itself. `tag`: it does not, and clients keep it under a tag. */
  readonly by: "api" | "tag";
  readonly referrers: readonly Referrer[];
}

const PAGE_LIMIT = 100;
/** How registries say that they keep no list: the specification has 404, others say that they do not know the question. */
const UNKNOWN_STATUSES: readonly number[] = [404, 405, 501];

/** What is attached to images of a repository. */
export function registryAttachments(client: RegistryClient): AttachmentPlace {
  return {
    list: (subject) => attachedTo(client, subject),
    read: (descriptor) => readBlob(client, descriptor),
  };
}

/** Asks a registry for its list, or reads the one that is kept under a tag (OCI distribution-spec, "Listing Referrers"). */
export async function listReferrers(
  client: RegistryClient,
  subject: Digest,
  access: "pull" | "push",
): Promise<Result<ListedReferrers, Fault>> {
  const action = `Cannot list what is attached to ${subject} in "${client.repository}"`;
  const referrers: Referrer[] = [];
  let target: string | URL = `${client.repository}/referrers/${subject}`;
  for (let page = 0; page < PAGE_LIMIT; page++) {
    const answer = await client.request({
      method: "GET",
      target,
      headers: { accept: MEDIA_TYPES.index },
      wanted: page === 0 ? [200, ...UNKNOWN_STATUSES] : [200],
      action,
      access,
    });
    if (!answer.ok) return answer;
    const { headers, status, url } = answer.value;
    if (status !== 200) {
      await answer.value.body?.cancel();
      return await listUnderTag(client, subject, access);
    }
    const bytes = await limitedBytes(answer.value, MANIFEST_LIMIT_BYTES);
    const read = bytes === undefined ? undefined : readReferrers(bytes);
    if (read === undefined) {
      return err(damageFault(`${action}: it has more than ${MANIFEST_LIMIT_BYTES} bytes`));
    }
    if (!read.ok) return err(damageFault(`${action}: ${read.error}`));
    referrers.push(...read.value);
    if (referrers.length > ATTACHED_LIMIT) return err(tooMany(subject));
    const next = nextPage(headers.get("link"), new URL(url));
    if (next === undefined) return ok({ by: "api", referrers });
    const fault = urlFault(next, new URL(url));
    if (fault !== undefined) return err(refusedUrl(action, new URL(url), fault));
    target = next;
  }
  return err(tooMany(subject));
}

async function listUnderTag(
  client: RegistryClient,
  subject: Digest,
  access: "pull" | "push",
): Promise<Result<ListedReferrers, Fault>> {
  const tag = referrersTag(subject);
  const content = await readTag(client, tag, access);
  if (!content.ok) return content;
  if (content.value === undefined) return ok({ by: "tag", referrers: [] });
  const read = readReferrers(content.value.bytes);
  return read.ok
    ? ok({ by: "tag", referrers: read.value })
    : err(damageFault(`Cannot use the tag "${tag}" of "${client.repository}": ${read.error}`));
}

/** RFC 8288: the place of the next page. */
function nextPage(link: string | null, from: URL): URL | undefined {
  const [, place] = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link ?? "") ?? [];
  return place !== undefined && URL.canParse(place, from) ? new URL(place, from) : undefined;
}

async function attachedTo(
  client: RegistryClient,
  subject: Digest,
): Promise<Result<readonly Attached[], Fault>> {
  const listed = await listReferrers(client, subject, "pull");
  if (!listed.ok) return listed;
  const found: Attached[] = [];
  for (const { descriptor } of listed.value.referrers) {
    if (descriptor.mediaType !== MEDIA_TYPES.manifest) continue;
    const document = await pullDocument(client, descriptor.digest);
    // A list may name what is gone.
    if (!document.ok && document.error.kind === "registry" && document.error.status === 404) continue;
    if (!document.ok) return document;
    const attached = attachedOf(descriptor, document.value.bytes, "list");
    if (attached?.manifest.subject === subject) found.push(attached);
  }
  for (const kind of ["sig", "att"] as const) {
    const tagged = await taggedWith(client, subject, kind);
    if (!tagged.ok) return tagged;
    if (tagged.value !== undefined) found.push(tagged.value);
  }
  return ok(found);
}

async function taggedWith(
  client: RegistryClient,
  subject: Digest,
  kind: CosignTag,
): Promise<Result<Attached | undefined, Fault>> {
  const content = await readTag(client, cosignTag(subject, kind), "pull");
  if (!content.ok || content.value === undefined) return content.ok ? ok(undefined) : content;
  const descriptor = blobOf(sha256, MEDIA_TYPES.manifest, content.value.bytes);
  return ok(attachedOf(descriptor, content.value.bytes, kind));
}

/** Reads a blob whole. */
async function readBlob(
  client: RegistryClient,
  descriptor: Descriptor,
): Promise<Result<Uint8Array<ArrayBuffer>, Fault>> {
  const { digest, sizeBytes } = descriptor;
  const action = `Cannot read the blob ${digest} of "${client.repository}"`;
  if (sizeBytes > DOCUMENT_LIMIT_BYTES) {
    return err(damageFault(`${action}: ${sizeBytes} bytes are too many for a document`));
  }
  const answer = await client.request({
    method: "GET",
    target: `${client.repository}/blobs/${digest}`,
    wanted: [200],
    action,
    access: "pull",
    expectedBytes: sizeBytes,
  });
  if (!answer.ok) return answer;
  const bytes = await limitedBytes(answer.value, sizeBytes);
  const fault = bytes === undefined ? "more came than was named" : blobFault(sha256, descriptor, bytes);
  return bytes === undefined || fault !== undefined ? err(damageFault(`${action}: ${fault}`)) : ok(bytes);
}
