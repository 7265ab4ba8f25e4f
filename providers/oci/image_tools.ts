import { join, resolve } from "node:path";
import type { Clock } from "../../engine/clock.ts";
import type { Random } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { Digest } from "../../image/digest.ts";
import { parseReference, type Reference, referenceText } from "../../image/reference.ts";
import type {
  BuiltImageFacts,
  ImageBuild,
  ImagePush,
  ImageTools,
  LayoutPlace,
  PushedImage,
  RegistryAccess,
} from "../image_tools.ts";
import type { ImageJudgement, ImageVerify } from "../image_trust.ts";
import { auditCheck } from "./audit_check.ts";
import { audit } from "./audit_gate.ts";
import { buildImage } from "./build_image.ts";
import type { BuildRequest } from "./build_request.ts";
import { checkImage } from "./check_image.ts";
import { checkedLayoutImage, checkedRegistryImage } from "./checked_image.ts";
import { placeBom, placeSubject } from "./contents_place.ts";
import { type Credential, findCredential } from "./credentials.ts";
import { credentialSources } from "./credential_sources.ts";
import { answering } from "./file_answer.ts";
import { imageFacts } from "./image_facts.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { findLayoutImage, type LayoutImage } from "./layout_base.ts";
import { openLayout } from "./layout_folder.ts";
import { publishImages } from "./publish_images.ts";
import { pruneImages } from "./prune_images.ts";
import { type Pushed, pushImage } from "./push_image.ts";
import { noteSentImage, readSentImages } from "./push_record.ts";
import { pushTarget } from "./push_target.ts";
import { readManifests } from "./read_manifests.ts";
import { type BaseParts, lockBases } from "./registry_base.ts";
import { openRegistry, type RegistryClient } from "./registry_client.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { registryPlace } from "./registry_url.ts";
import { type CheckedImage, rebuiltCheck, verifyImage } from "./verify_image.ts";

/** What the tools work with. */
export interface ToolParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly readVariable: (name: string) => string | undefined;
  /** Absolute. */
  readonly workingFolder: string;
  /** Where what came from registries is kept. */
  readonly cacheFolder: string;
  /** The version of smelt, by which documents name their writer. */
  readonly toolVersion: string;
  /** Told of each credential that is read, so that it is shown nowhere. */
  readonly noteSecret?: (text: string) => void;
  /** Ends what is asked of registries. */
  readonly signal?: AbortSignal;
}

/** Images over the files of this machine and over registries. */
export function imageTools(parts: ToolParts): ImageTools {
  return {
    build: (request, signal) => build({ ...parts, signal }, request, signal),
    check: (request, signal) => checkImage(buildRequest({ ...parts, signal }, request, signal)),
    audit: async (request) => {
      const { clock, workingFolder: folder } = parts;
      const subject = await placeSubject(folder, request);
      return subject.ok ? await audit({ clock, folder }, request, subject.value) : subject;
    },
    bom: (question) => placeBom(parts.workingFolder, question, parts.toolVersion),
    inspect: async (place) => {
      const image = await openImage(parts, place);
      return image.ok ? await imageFacts(image.value) : image;
    },
    lock: (references, access) => lockBases(baseParts(parts, access), references),
    push: (request) => push(parts, request),
    publish: (requests, signal) =>
      publishImages({
        random: parts.random,
        buildFolder: join(parts.cacheFolder, BUILDS),
        build: (request) => build({ ...parts, signal }, request, signal),
        push: (request, digest) => push({ ...parts, signal }, request, digest),
        signal,
      }, requests),
    prune: (request) =>
      pruneImages({
        random: parts.random,
        nowMs: parts.clock.wallMs(),
        workingFolder: parts.workingFolder,
        imageFolder: join(parts.cacheFolder, IMAGES),
        buildFolder: join(parts.cacheFolder, BUILDS),
        recordFolder: join(parts.cacheFolder, SENT),
        openClient: (reference) => openClientOf(parts, reference, request),
      }, request),
    readManifests,
    verify: (request) => verify(parts, request),
  };
}

/** Below the folder of the cache: folders for builds, what they compiled, images of registries, and the record of what was sent. */
const BUILDS = "builds";
const COMPILED = "compiled";
const IMAGES = "images";
const SENT = "sent";

async function build(
  parts: ToolParts,
  request: ImageBuild,
  signal: AbortSignal,
): Promise<Result<BuiltImageFacts, ImageFault | RegistryFault>> {
  const built = await buildImage(parts.random, buildRequest(parts, request, signal));
  if (!built.ok) return built;
  const { layout, tags } = request;
  // What was written is read back: what is told of it is true.
  const image = await openImage(parts, { layout, tag: tags[0] }, built.value.index.index.digest);
  if (!image.ok) return image;
  const facts = await imageFacts(image.value);
  const { boms, notes, provenance, report } = built.value;
  return facts.ok ? ok({ ...facts.value, notes, boms, provenance, audit: report }) : facts;
}

function buildRequest(parts: ToolParts, request: ImageBuild, signal: AbortSignal): BuildRequest {
  const { cacheFolder, clock, noteSecret = () => {}, random, readVariable, toolVersion } = parts;
  const folder = parts.workingFolder;
  const cargo = {
    random,
    folder,
    buildFolder: join(cacheFolder, BUILDS),
    seedFolder: join(cacheFolder, COMPILED),
    firstSlot: 1,
    readVariable,
    noteSecret,
    epoch: request.epoch,
    signal,
  };
  return { ...request, folder, clock, toolVersion, bases: baseParts(parts, request), cargo };
}

function baseParts(parts: ToolParts, access: RegistryAccess): BaseParts {
  const { cacheFolder, random, workingFolder } = parts;
  const openClient = (reference: Reference) => openClientOf(parts, reference, access);
  return { random, folder: workingFolder, cacheFolder: join(cacheFolder, IMAGES), openClient };
}

function secretOf(credential: Credential): string {
  return credential.kind === "password" ? credential.password : credential.token;
}

/** Opens a client of one repository. */
export async function openClientOf(
  parts: ToolParts,
  { host, repository }: Reference,
  { caFile, insecure }: RegistryAccess,
): Promise<Result<RegistryClient, ImageFault>> {
  const certificates = caFile === undefined ? ok([]) : await answering(
    `Cannot read "${caFile}"`,
    async () => [await Deno.readTextFile(resolve(parts.workingFolder, caFile))],
  );
  if (!certificates.ok) return certificates;
  return ok(openRegistry({
    clock: parts.clock,
    random: parts.random,
    place: registryPlace(host, new Set(insecure)),
    repository,
    credential: async () => {
      const found = await findCredential(credentialSources(parts.readVariable), host, repository);
      if (found.ok && found.value !== undefined) parts.noteSecret?.(secretOf(found.value));
      return found;
    },
    caCertificates: certificates.value,
    signal: parts.signal,
  }));
}

async function openImage(
  { workingFolder }: ToolParts,
  { layout: shown, tag }: LayoutPlace,
  digest?: string,
): Promise<Result<LayoutImage, ImageFault>> {
  const layout = await openLayout(resolve(workingFolder, shown), shown);
  if (!layout.ok) return layout;
  const entries = digest === undefined
    ? layout.value.entries
    : layout.value.entries.filter((each) => each["digest"] === digest);
  const image = await findLayoutImage({ ...layout.value, entries }, tag);
  // What is attached to it is named beside it.
  return image.ok ? ok({ ...image.value, layout: layout.value }) : image;
}

async function push(
  parts: ToolParts,
  request: ImagePush,
  digestWanted?: string,
): Promise<Result<PushedImage, ImageFault | RegistryFault>> {
  const { tags, to } = request;
  const reference = pushTarget(to);
  if (!reference.ok) return reference;
  const { host, repository, tag } = reference.value;
  const all = [...new Set([...tag === undefined ? [] : [tag], ...tags])];
  const wrong = all.find((each) => !parseReference(`${host}/${repository}:${each}`).ok);
  if (wrong !== undefined) {
    return err(
      imageFault(`Cannot use the tag "${wrong}": wanted at most 128 letters, digits, ".", "_" and "-"`),
    );
  }
  const image = await openImage(parts, request, digestWanted);
  if (!image.ok) return image;
  const client = await openClientOf(parts, reference.value, request);
  if (!client.ok) return client;
  try {
    const pushed = await pushImage(client.value, image.value, all);
    if (!pushed.ok) return pushed;
    const { attachments, digest, heldBlobs, sentBlobs } = pushed.value;
    await noteSent(parts, `${host}/${repository}`, pushed.value);
    return ok({
      reference: referenceText({ host, repository, tag: undefined, digest }),
      tags: all,
      sentBlobs,
      heldBlobs,
      sentAttachments: attachments.sent,
      heldAttachments: attachments.held,
    });
  } finally {
    client.value.close();
  }
}

/**
 * Notes an image that smelt sent, not one that others sent before. What cannot be noted is sent all the same: smelt then does
 * not know it for its own, and never deletes it.
 */
async function noteSent(
  { cacheFolder, clock }: ToolParts,
  repository: string,
  { digest, manifests, was }: Pushed,
): Promise<void> {
  const folder = join(cacheFolder, SENT);
  const known = was === "sent" ? ok([]) : await readSentImages(folder, repository);
  if (was === "held" && !(known.ok && known.value.some((each) => each.digest === digest))) return;
  await noteSentImage(folder, repository, { digest, manifests, atMs: clock.wallMs() });
}

/** Why it cannot even be looked at has the code of the check that it is for. */
async function verify(
  parts: ToolParts,
  request: ImageVerify,
): Promise<Result<ImageJudgement, ImageFault | RegistryFault>> {
  const { place, policy, rebuilt } = request;
  const again = rebuilt === undefined ? ok(undefined) : await rebuiltImage(parts, rebuilt);
  if (!again.ok) return withCode("V9", again.error);
  return await withPlace(parts, request, async (image) => {
    if (!image.ok) return withCode("V1", image.error);
    const checks = await verifyImage(image.value, policy);
    if (!checks.ok) return checks;
    const { clock, workingFolder: folder } = parts;
    const audited = await auditCheck({ clock, folder }, image.value, { asked: request.audit, policy });
    if (!audited.ok) return withCode("V8", audited.error);
    const { digest } = image.value;
    return ok({
      reference: place.kind === "registry" ? place.reference : place.layout,
      digest,
      checks: [...checks.value, audited.value, rebuiltCheck(digest, again.value)],
    });
  });
}

async function withPlace<T>(
  parts: ToolParts,
  { place, ...access }: ImageVerify,
  use: (image: Result<CheckedImage, ImageFault | RegistryFault>) => Promise<T>,
): Promise<T | Result<never, ImageFault>> {
  if (place.kind === "layout") return await use(await checkedLayoutImage(parts.workingFolder, place));
  const reference = parseReference(place.reference);
  if (!reference.ok) return err(imageFault(`Cannot verify "${place.reference}": ${reference.error}`));
  const client = await openClientOf(parts, reference.value, access);
  if (!client.ok) return client;
  try {
    return await use(await checkedRegistryImage(client.value, reference.value));
  } finally {
    client.value.close();
  }
}

async function rebuiltImage(
  parts: ToolParts,
  { layout, tag }: LayoutPlace,
): Promise<Result<{ readonly name: string; readonly digest: Digest }, ImageFault>> {
  const image = await checkedLayoutImage(parts.workingFolder, { layout, reference: tag });
  return image.ok
    ? ok({ name: tag === undefined ? layout : `${layout}:${tag}`, digest: image.value.digest })
    : image;
}

function withCode<Fault extends ImageFault | RegistryFault>(
  code: "V1" | "V8" | "V9",
  fault: Fault,
): Result<never, Fault> {
  return err({ ...fault, message: `${code}: ${fault.message}` });
}
