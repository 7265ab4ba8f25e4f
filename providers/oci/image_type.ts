import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { Digest } from "../../image/digest.ts";
import { record, type ValueRecord } from "../../engine/value.ts";
import { refused } from "../failures.ts";
import { requiredText, sectionFields, textList } from "../field_reader.ts";
import type { CreateRequest, LiveObject, ReadRequest, ToldProgress, UpdateRequest } from "../provider.ts";
import type { TypeAdapter } from "../type_adapter.ts";
import { signedBase } from "./base_signature.ts";
import { builtImage, type DescribedImage } from "./image_build.ts";
import { deleteImage } from "./delete_image.ts";
import { imageFailure } from "./image_failure.ts";
import { imageFacts } from "./image_facts.ts";
import { imageWish, repositoryText, supplyWish } from "./image_fields.ts";
import { inputHash } from "./image_inputs.ts";
import { accessOf, idPlace, type ImageParts, knownDigest, withClient } from "./image_place.ts";
import {
  type ImageOutputs,
  type ImageState,
  liveImage,
  platformsValue,
  rememberedOutputs,
  rememberedSupply,
  subjectsIn,
} from "./image_state.ts";
import { listImages } from "./list_images.ts";
import { publishImage } from "./publish_image.ts";
import type { RegistryClient } from "./registry_client.ts";
import { auditedImage } from "./audited_image.ts";
import {
  attachSupply,
  foundSupply,
  isSupplied,
  listedSupply,
  NO_SUPPLY,
  type Supply,
} from "./supply_image.ts";
import { pointsTo, readRegistryImage, tagsPointTo } from "./registry_image.ts";

/** `oci.Image`, but for its schema and permissions. */
export type ImageCalls = Pick<TypeAdapter, "create" | "update" | "read" | "delete" | "list">;

/** The calls of `oci.Image`. Its repository is the id; a digest is a version of it. */
export function imageCalls(parts: ImageParts): ImageCalls {
  return {
    create: (request, signal) => create(parts, request, signal),
    update: (request, signal) => update(parts, request, signal),
    read: (request) => read(parts, request),
    delete: (request) => deleteImage(parts, request),
    list: (request) => listImages(parts, request),
  };
}

async function create(
  parts: ImageParts,
  { accepted, fields, progressed }: CreateRequest,
  signal: AbortSignal,
): Promise<Result<LiveObject, CallFailure>> {
  const wish = imageWish(fields);
  if (!wish.ok) return err(refused("InvalidConfig", wish.error));
  const id = requiredText(sectionFields(fields, "identity"), "repository");
  accepted(id);
  return await bring(parts, { id, fields, wish: wish.value, seen: undefined, progressed }, signal);
}

async function update(
  parts: ImageParts,
  { after, id, precondition, progressed }: UpdateRequest,
  signal: AbortSignal,
): Promise<Result<LiveObject, CallFailure>> {
  const wish = imageWish(after);
  if (!wish.ok) return err(refused("InvalidConfig", wish.error));
  const place = idPlace(id);
  if (place === undefined || repositoryText(place.repository) !== repositoryText(wish.value.repository)) {
    return err(refused("NotFound", `Cannot update "${id}": there is no such image`));
  }
  return await bring(parts, { id, fields: after, wish: wish.value, seen: precondition, progressed }, signal);
}

interface Bringing extends DescribedImage {
  readonly id: string;
  readonly seen: string | undefined;
  readonly progressed: ToldProgress | undefined;
}

/** Builds what is not built, audits it, sends what is not there with what vouches for it, and moves the tags. */
async function bring(
  parts: ImageParts,
  { fields, id, progressed, seen, wish }: Bringing,
  signal: AbortSignal,
): Promise<Result<LiveObject, CallFailure>> {
  const signed = await signedBase(parts, fields, wish);
  if (!signed.ok) return signed;
  const built = await builtImage(parts, { fields, wish }, signal);
  if (!built.ok) return built;
  const { image, provenance } = built.value;
  const facts = await imageFacts(image);
  if (!facts.ok) return err(imageFailure(facts.error, "notDone"));
  const audit = await auditedImage(parts, image, wish);
  if (!audit.ok) return audit;
  const { digest } = image.descriptor;
  // From here on a look at the registry tells what became of the call, on any machine.
  progressed?.("built", { digest, input_hash: inputHash(fields) });
  return await withClient(parts, wish, async (client) => {
    const published = await publishImage(client, {
      image,
      wish,
      seen,
      attach: () => attachSupply(parts, client, { image, wish, provenance }),
      sent: () => progressed?.("sent", { digest }),
    }, signal);
    if (!published.ok) return published;
    const outputs = {
      ...outputsOf(fields),
      platforms: platformsValue(facts.value.platforms),
      audit: audit.value,
    };
    return ok(liveImage({ id, fields, repository: wish.repository }, published.value, outputs));
  });
}

/** What fields tell of an image that was made of them. */
function outputsOf(fields: ValueRecord): Omit<ImageOutputs, "platforms" | "audit"> {
  const { base = null, source: sourceHash = null } = sectionFields(fields, "inputs");
  return { base, sourceHash, inputHash: sourceHash === null ? null : inputHash(fields) };
}

async function read(
  parts: ImageParts,
  { applied, id, outputs }: ReadRequest,
): Promise<Result<LiveObject | undefined, CallFailure>> {
  const place = idPlace(id);
  if (place === undefined) return ok(undefined);
  const { repository } = place;
  const state = await knownDigest(parts, applied, outputs) ?? place.digest;
  if (state === undefined) return ok(undefined);
  return await withClient(parts, { repository, access: accessOf(applied) }, async (client) => {
    const found = await readState(client, state, textList(sectionFields(applied, "publish"), "tags"));
    if (!found.ok) return found;
    if (found.value === undefined) return ok(undefined);
    const told = await outputsFor(parts, client, { applied, outputs, state: found.value });
    if (!told.ok) return told;
    const subjects = subjectsIn(found.value.digest, told.value.platforms);
    const supply = await supplyNow(client, subjects, { applied, outputs });
    if (!supply.ok) return supply;
    const fields = Object.keys(applied).length > 0 ? applied : bareFields(id);
    const published = { state: found.value, supply: supply.value };
    return ok(liveImage({ id, fields, repository }, published, told.value));
  });
}

/** What is attached of what was asked for; nobody looks where nothing was. */
async function supplyNow(
  client: RegistryClient,
  subjects: readonly Digest[],
  { applied, outputs }: { readonly applied: ValueRecord; readonly outputs: ValueRecord | undefined },
): Promise<Result<Supply, CallFailure>> {
  if (!isSupplied(supplyWish(sectionFields(applied, "supply")))) return ok(NO_SUPPLY);
  const remembered = outputs === undefined ? undefined : rememberedSupply(outputs);
  const found = remembered === undefined
    ? await foundSupply(client, subjects)
    : await listedSupply(client, subjects, remembered);
  return found.ok ? found : err(imageFailure(found.error, "notDone"));
}

/** What nobody sent is known of by its place only. */
function bareFields(id: string): ValueRecord {
  const [repository = ""] = id.split("@");
  return record([["identity", record([["repository", repository]])]]);
}

async function readState(
  client: RegistryClient,
  digest: ImageState["digest"],
  tags: readonly string[],
): Promise<Result<ImageState | undefined, CallFailure>> {
  const held = await pointsTo(client, digest, "pull");
  if (!held.ok) return err(imageFailure(held.error, "notDone"));
  if (held.value === undefined) return ok(undefined);
  const places = await tagsPointTo(client, tags, "pull");
  return places.ok ? ok({ digest, tags: places.value }) : err(imageFailure(places.error, "notDone"));
}

async function outputsFor(
  { built }: ImageParts,
  client: RegistryClient,
  { applied, outputs, state }: {
    readonly applied: ValueRecord;
    readonly outputs: ValueRecord | undefined;
    readonly state: ImageState;
  },
): Promise<Result<ImageOutputs, CallFailure>> {
  const remembered = outputs === undefined ? undefined : rememberedOutputs(outputs);
  if (remembered !== undefined) return ok(remembered);
  const rest = { ...outputsOf(applied), audit: null };
  const local = rest.inputHash === null ? undefined : await built.find(inputHash(applied));
  const facts = local?.descriptor.digest === state.digest ? await imageFacts(local) : undefined;
  if (facts?.ok === true) return ok({ ...rest, platforms: platformsValue(facts.value.platforms) });
  const documents = await readRegistryImage(client, state.digest);
  if (!documents.ok) return err(imageFailure(documents.error, "notDone"));
  return ok({ ...rest, platforms: platformsValue(documents.value) });
}
