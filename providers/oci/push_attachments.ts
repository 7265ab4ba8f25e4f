import { err, ok, type Result } from "../../engine/result.ts";
import { attachmentEntry, readAttachment } from "../../image/attachment.ts";
import { type CosignLayer, cosignManifest, cosignTag } from "../../image/cosign_tags.ts";
import type { Digest } from "../../image/digest.ts";
import { readReferrers, referrersTag, withReferrers } from "../../image/referrers.ts";
import type { Attached } from "./attached.ts";
import type { ImageFault } from "./image_fault.ts";
import { layoutAttachments } from "./layout_attachments.ts";
import { type LayoutFolder, readLayoutBlob } from "./layout_folder.ts";
import { pushBlob, pushBytes } from "./push_blob.ts";
import { putManifest } from "./put_manifest.ts";
import { type ListedReferrers, listReferrers } from "./registry_attachments.ts";
import type { RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { sha256 } from "./sha256.ts";
import { updateTag } from "./update_tag.ts";

type Fault = RegistryFault | ImageFault;

/** How many attachments were sent, and how many the registry had. */
export interface PushedAttachments {
  readonly sent: number;
  readonly held: number;
}

/** Sends what a layout has attached to these images. Each is in the registry's list when it resolves, or in the one under a tag. */
export async function pushAttachments(
  client: RegistryClient,
  layout: LayoutFolder,
  subjects: readonly Digest[],
): Promise<Result<PushedAttachments, Fault>> {
  const all = [...new Set(subjects)];
  // Side by side, since each way to a tag has a pause in it.
  return summed(await Promise.all(all.map((subject) => pushOne({ client, layout, subject }))));
}

async function pushOne(place: PushPlace): Promise<Result<PushedAttachments, Fault>> {
  const attached = await layoutAttachments(place.layout).list(place.subject);
  if (!attached.ok) return attached;
  const named = attached.value.filter(({ via }) => via === "list");
  return summed(
    await Promise.all([
      ...(named.length === 0 ? [] : [pushListed(place, named)]),
      ...attached.value.flatMap((each) => each.via === "list" ? [] : [pushTagged(place, each, each.via)]),
    ]),
  );
}

/** The first fault, or how many there were of all. */
function summed(counts: readonly Result<PushedAttachments, Fault>[]): Result<PushedAttachments, Fault> {
  let [sent, held] = [0, 0];
  for (const count of counts) {
    if (!count.ok) return count;
    sent += count.value.sent;
    held += count.value.held;
  }
  return ok({ sent, held });
}

interface PushPlace {
  readonly client: RegistryClient;
  readonly layout: LayoutFolder;
  readonly subject: Digest;
}

/** Sends what names the image as its subject, and makes sure that it is listed. */
async function pushListed(
  place: PushPlace,
  attached: readonly Attached[],
): Promise<Result<PushedAttachments, Fault>> {
  const { client, subject } = place;
  const before = await listReferrers(client, subject, "push");
  if (!before.ok) return before;
  const lacking = unlisted(attached, before.value);
  const unsure: Attached[] = [];
  for (const each of lacking) {
    const put = await putAttached(place, each);
    if (!put.ok) return put;
    if (put.value === "unsure") unsure.push(each);
  }
  const listed = unsure.length === 0 ? ok(undefined) : await makeListed(place, unsure);
  return listed.ok ? ok({ sent: lacking.length, held: attached.length - lacking.length }) : listed;
}

function unlisted(attached: readonly Attached[], { referrers }: ListedReferrers): readonly Attached[] {
  const known = new Set(referrers.map(({ descriptor }) => descriptor.digest));
  return attached.filter(({ descriptor }) => !known.has(descriptor.digest));
}

/** Sends one. `listed`: the registry said that it has put it into its list (distribution-spec, `OCI-Subject`). */
async function putAttached(
  { client, layout, subject }: PushPlace,
  { descriptor, manifest }: Attached,
): Promise<Result<"listed" | "unsure", Fault>> {
  for (const blob of [manifest.config, ...manifest.layers]) {
    const pushed = await pushBlob(client, layout, blob);
    if (!pushed.ok) return pushed;
  }
  const bytes = await readLayoutBlob(layout, descriptor);
  if (!bytes.ok) return bytes;
  const put = await putManifest(client, { ...descriptor, bytes: bytes.value }, { name: descriptor.digest });
  if (!put.ok) return put;
  return ok(put.value.headers?.get("oci-subject") === subject ? "listed" : "unsure");
}

/** Some registries list without saying so; where there is no list, it is kept under a tag. */
async function makeListed(
  { client, subject }: PushPlace,
  attached: readonly Attached[],
): Promise<Result<void, Fault>> {
  const after = await listReferrers(client, subject, "push");
  if (!after.ok) return after;
  const lacking = unlisted(attached, after.value);
  if (lacking.length === 0) return ok(undefined);
  return await updateTag(client, referrersTag(subject), (before) => {
    const list = before === undefined ? ok([]) : readReferrers(before);
    if (!list.ok) return err(`it stands for something else than a list: ${list.error}`);
    const missing = unlisted(lacking, { by: "tag", referrers: list.value });
    const entries = missing.map(({ descriptor, manifest }) =>
      attachmentEntry({ ...manifest, manifest: descriptor })
    );
    return ok(entries.length === 0 ? undefined : withReferrers(sha256, list.value, entries));
  });
}

/** Adds the layers of a manifest under a tag of cosign to those that the registry has there. */
async function pushTagged(
  { client, layout, subject }: PushPlace,
  { manifest }: Attached,
  via: "sig" | "att",
): Promise<Result<PushedAttachments, Fault>> {
  const layers: CosignLayer[] = [];
  for (const { annotations, ...descriptor } of manifest.layers) {
    const bytes = await readLayoutBlob(layout, descriptor);
    if (!bytes.ok) return bytes;
    layers.push({ annotations, blob: { ...descriptor, bytes: bytes.value } });
  }
  let count: PushedAttachments = { sent: 0, held: 1 };
  const added = await updateTag(client, cosignTag(subject, via), async (before) => {
    const read = before === undefined ? undefined : readAttachment(before);
    if (read?.ok === false) return err(`it stands for something else than signatures: ${read.error}`);
    const after = cosignManifest(sha256, read?.value.layers ?? [], layers);
    if (!after.isNew) return ok(undefined);
    count = { sent: 1, held: 0 };
    for (const blob of [...layers.map((each) => each.blob), after.config]) {
      const pushed = await pushBytes(client, blob);
      if (!pushed.ok) return pushed;
    }
    return ok(after.manifest);
  });
  return added.ok ? ok(count) : added;
}
