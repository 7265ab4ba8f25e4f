import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { Digest } from "../../image/digest.ts";
import { cancelledBefore, refused } from "../failures.ts";
import type { ImageToolFault } from "../image_tools.ts";
import type { ImageFault } from "./image_fault.ts";
import { imageFailure } from "./image_failure.ts";
import { type ImageWish, repositoryText } from "./image_fields.ts";
import { type ImageState, parseState, type TagPlaces } from "./image_state.ts";
import type { LayoutImage } from "./layout_base.ts";
import { pushImage, putDocument } from "./push_image.ts";
import type { RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { pointsTo, tagsPointTo } from "./registry_image.ts";
import type { Supply } from "./supply_image.ts";

/** What is to stand in a repository. */
export interface Publication {
  readonly image: LayoutImage;
  readonly wish: ImageWish;
  /** As it was seen last; `undefined` for an image that is new there, or whose state nobody knows. */
  readonly seen: string | undefined;
  /** Attaches what vouches for the image, which is there. Called before any tag is moved. */
  attach(): Promise<Result<Supply, RegistryFault | ImageFault>>;
  /** Told when the image is there and its tags are still to be moved. */
  sent(): void;
}

/** What stands in a repository. */
export interface PublishedState {
  readonly state: ImageState;
  readonly supply: Supply;
}

/**
 * Brings an image into its repository.
 *
 *   U1. What is there already is not sent: a repeat changes nothing, whatever it expected.
 *   U2. A tag is moved only from where it was seen, from nowhere, or from this very image; else nothing is done.
 *   U3. The image is there, whole and with what vouches for it, before any tag points to it.
 *   U4. A lost answer is settled by a look: what a digest names is there or is not.
 */
export async function publishImage(
  client: RegistryClient,
  publication: Publication,
  signal: AbortSignal,
): Promise<Result<PublishedState, CallFailure>> {
  const { image, wish } = publication;
  const { digest } = image.descriptor;
  const seen = publication.seen === undefined ? undefined : parseState(publication.seen);
  const names = [...new Set([...wish.tags, ...seen?.tags.keys() ?? []])];
  const places = await tagsPointTo(client, names, "push");
  if (!places.ok) return err(imageFailure(places.error, "notDone"));
  const held = await pointsTo(client, digest, "push");
  if (!held.ok) return err(imageFailure(held.error, "notDone"));
  const due = wish.tags.filter((tag) => places.value.get(tag) !== digest);
  const state: ImageState = { digest, tags: new Map(wish.tags.map((tag) => [tag, digest])) };
  if (held.value !== undefined && due.length === 0) {
    const supply = await attached(publication);
    return supply.ok ? ok({ state, supply: supply.value }) : supply;
  }
  const stale = await staleState(client, publication, places.value);
  if (stale !== undefined) return err(stale);
  const taken = due.map((tag) => takenTag(publication, { tag, at: places.value.get(tag), seen })).find((
    each,
  ) => each !== undefined);
  if (taken !== undefined) return err(taken);
  if (signal.aborted) return err(cancelledBefore(signal));
  const pushed = held.value === undefined ? await pushSettled(client, image) : ok(undefined);
  if (!pushed.ok) return pushed;
  const supply = await attached(publication);
  if (!supply.ok) return supply;
  publication.sent();
  const moved = await moveTags(client, image, { due, places: places.value });
  return moved.ok ? ok({ state, supply: supply.value }) : moved;
}

/** What nobody answered may still arrive; it is named by its digest, so that a repeat changes nothing. */
async function attached(publication: Publication): Promise<Result<Supply, CallFailure>> {
  const supply = await publication.attach();
  if (supply.ok) return supply;
  const isLate = "status" in supply.error && supply.error.status === 0;
  return err(imageFailure(supply.error, isLate ? "unknown" : "notDone"));
}

/** Whether the image and its tags are where they were seen, when that was said. */
async function staleState(
  client: RegistryClient,
  { image, seen: text, wish }: Publication,
  places: TagPlaces,
): Promise<CallFailure | undefined> {
  if (text === undefined) return undefined;
  const name = repositoryText(wish.repository);
  const seen = parseState(text);
  if (seen === undefined) return changedSince(name, "it is not known how it was seen");
  const before = await pointsTo(client, seen.digest, "push");
  if (!before.ok) return imageFailure(before.error, "notDone");
  if (before.value === undefined) {
    return refused("NotFound", `Cannot update "${name}": ${seen.digest} is gone from it`);
  }
  const moved = [...seen.tags].find(([tag, at]) => {
    const now = places.get(tag);
    return now !== at && now !== image.descriptor.digest;
  });
  return moved === undefined
    ? undefined
    : changedSince(name, `its tag "${moved[0]}" points to ${places.get(moved[0]) ?? "nothing"}`);
}

/** A refusal because a repository is not as it was seen. */
export function changedSince(repository: string, why: string): CallFailure {
  return refused(
    "PreconditionFailed",
    `Cannot change "${repository}": it was changed since it was read: ${why}; plan again to see the change`,
  );
}

/** Why a tag may not be moved: it points to an image that is not this resource's. */
function takenTag(
  { wish }: Publication,
  { at, seen, tag }: {
    readonly tag: string;
    readonly at: Digest | undefined;
    readonly seen: ImageState | undefined;
  },
): CallFailure | undefined {
  const isKnown = at === undefined || at === seen?.digest || seen?.tags.has(tag) === true;
  if (isKnown || wish.mayTakeTags) return undefined;
  return refused(
    "AlreadyExists",
    `Cannot tag "${
      repositoryText(wish.repository)
    }" with "${tag}": the tag points to ${at}, which is not this ` +
      `resource's; import that image, take another tag, or set publish.force_tags`,
  );
}

/** Sends the image; where no answer says so, a look tells whether it is there. */
async function pushSettled(client: RegistryClient, image: LayoutImage): Promise<Result<void, CallFailure>> {
  const pushed = await pushImage(client, image, []);
  if (pushed.ok) return ok(undefined);
  return await settledBy(client, image.descriptor.digest, { image, fault: pushed.error });
}

/** After a fault: whether `name` points to the image all the same. */
async function settledBy(
  client: RegistryClient,
  name: string,
  { fault, image }: { readonly fault: ImageToolFault; readonly image: LayoutImage },
): Promise<Result<void, CallFailure>> {
  const look = await pointsTo(client, name, "push");
  if (!look.ok) return err(imageFailure(fault, "unknown"));
  if (look.value === image.descriptor.digest) return ok(undefined);
  // A request that nobody answered may still arrive; one that brings what only a digest names does nothing then.
  const isLate = name !== image.descriptor.digest && "status" in fault && fault.status === 0;
  return err(imageFailure(fault, isLate ? "unknown" : "notDone"));
}

/** One after the other, each compared once more right before it is moved. */
async function moveTags(
  client: RegistryClient,
  image: LayoutImage,
  { due, places }: { readonly due: readonly string[]; readonly places: TagPlaces },
): Promise<Result<void, CallFailure>> {
  for (const [index, tag] of due.entries()) {
    const moved = await moveTag(client, image, { tag, from: places.get(tag) });
    if (moved.ok) continue;
    // Some tags have moved, this one has not: neither what was nor what is wanted.
    return index === 0 ? moved : err({ ...moved.error, certainty: "unknown", retry: "never" });
  }
  return ok(undefined);
}

async function moveTag(
  client: RegistryClient,
  image: LayoutImage,
  { from, tag }: { readonly tag: string; readonly from: Digest | undefined },
): Promise<Result<void, CallFailure>> {
  const now = await pointsTo(client, tag, "push");
  if (!now.ok) return err(imageFailure(now.error, "notDone"));
  if (now.value === image.descriptor.digest) return ok(undefined);
  if (now.value !== from) {
    return err(
      changedSince(`${client.place.host}/${client.repository}`, `its tag "${tag}" has just been moved`),
    );
  }
  const put = await putDocument(client, image, image.descriptor, tag);
  return put.ok ? put : await settledBy(client, tag, { image, fault: put.error });
}
