import { join } from "node:path";
import type { Random } from "../../engine/random.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type {
  BuiltImageFacts,
  ImageBuild,
  ImagePublish,
  ImagePush,
  PublishedImage,
  PublishFault,
  PushedImage,
} from "../image_tools.ts";
import { makeBuildFolder } from "./build_folder.ts";
import { type ImageFault, imageFault } from "./image_fault.ts";
import { pushTarget } from "./push_target.ts";
import type { RegistryFault } from "./registry_fault.ts";

type Fault = RegistryFault | ImageFault;

/** What images are built and sent with. */
export interface PublishParts {
  readonly random: Random;
  /** Where folders for builds are made. */
  readonly buildFolder: string;
  readonly signal: AbortSignal;
  build(request: ImageBuild): Promise<Result<BuiltImageFacts, Fault>>;
  /** Sends the image of this digest from a layout. */
  push(request: ImagePush, digest: string): Promise<Result<PushedImage, Fault>>;
}

/**
 * Builds images and sends them.
 *
 *   U1. Where images go is read before anything is built.
 *   U2. Nothing is sent before everything is built.
 *   U3. What is kept nowhere is gone when it resolves, however it ends.
 */
export async function publishImages(
  parts: PublishParts,
  requests: readonly ImagePublish[],
): Promise<Result<readonly PublishedImage[], PublishFault>> {
  for (const [index, { to }] of requests.entries()) {
    const target = to === undefined ? undefined : pushTarget(to);
    if (target?.ok === false) return err({ ...target.error, index });
  }
  // Builds that are kept need no folder of ours beside theirs.
  const lost = requests.findIndex(({ layout }) => layout === undefined);
  const own = lost < 0 ? ok(undefined) : await makeBuildFolder(parts.random, parts.buildFolder);
  if (!own.ok) return err({ ...own.error, index: lost });
  await using folder = own.value;
  const built: BuiltRequest[] = [];
  for (const [index, request] of requests.entries()) {
    if (parts.signal.aborted) return err({ ...imageFault(INTERRUPTED), index });
    // Tags of several images would take each other's place in one layout.
    const tags = request.layout === undefined ? [] : request.build.tags;
    const layout = request.layout ?? join(folder?.path ?? "", "layout");
    const facts = await parts.build({ ...request.build, layout, tags });
    if (!facts.ok) return err({ ...facts.error, index });
    built.push({ request, layout, facts: facts.value });
  }
  return await pushAll(parts, built);
}

const INTERRUPTED = "The build was interrupted: nothing was sent";

function cutMessage(sentCount: number, count: number): string {
  return `The push was interrupted: ${sentCount} of ${count} images were sent`;
}

interface BuiltRequest {
  readonly request: ImagePublish;
  readonly layout: string;
  readonly facts: BuiltImageFacts;
}

async function pushAll(
  parts: PublishParts,
  built: readonly BuiltRequest[],
): Promise<Result<readonly PublishedImage[], PublishFault>> {
  const published: PublishedImage[] = [];
  for (const [index, { facts, layout, request }] of built.entries()) {
    const { build, to } = request;
    if (parts.signal.aborted) return err({ ...imageFault(cutMessage(index, built.length)), index });
    const { caFile, insecure, tags } = build;
    const pushed = to === undefined
      ? ok(undefined)
      : await parts.push({ layout, tag: undefined, to, tags, insecure, caFile }, facts.digest);
    if (!pushed.ok) return err({ ...pushed.error, index });
    published.push({ facts: keptFacts(facts, request), pushed: pushed.value });
  }
  return ok(published);
}

/** What lay in a folder that is gone now lies nowhere. */
function keptFacts({ boms, ...facts }: BuiltImageFacts, { build, layout }: ImagePublish): BuiltImageFacts {
  const isKept = layout !== undefined || build.bom.folder !== undefined;
  return { ...facts, boms: isKept ? boms : boms.map((each) => ({ ...each, path: undefined })) };
}
