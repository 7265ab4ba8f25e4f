import { invariant } from "../engine/invariant.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { AuditFacts, BomQuestion, BomText, ImageAudit } from "../providers/image_contents.ts";
import type {
  CheckedImage,
  ImageBuild,
  ImageFacts,
  ImagePrune,
  ImagePublish,
  ImagePush,
  ImageToolFault,
  LayoutPlace,
  LockedBase,
  PrunedImages,
  PublishedImage,
  PushedImage,
  RegistryAccess,
} from "../providers/image_tools.ts";
import type { ProjectFailure, ProjectFailureKind } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";

/** Builds an image, and sends it where that is asked for. */
export async function publishImage(
  ports: ProjectPorts,
  request: ImagePublish,
  signal: AbortSignal,
): Promise<Result<PublishedImage, ProjectFailure>> {
  const published = told(await (await ports.images()).publish([request], signal));
  if (!published.ok) return published;
  const [image] = published.value;
  invariant(image !== undefined, "One image was asked for");
  return ok(image);
}

/** Builds an image anew, and says whether it is what the layout holds, or at least the same each time. */
export async function checkImage(
  ports: ProjectPorts,
  request: ImageBuild,
  signal: AbortSignal,
): Promise<Result<CheckedImage, ProjectFailure>> {
  return told(await (await ports.images()).check(request, signal));
}

/** Holds what a program is made of against advisories. */
export async function auditImage(
  ports: ProjectPorts,
  request: ImageAudit,
): Promise<Result<AuditFacts, ProjectFailure>> {
  return told(await (await ports.images()).audit(request));
}

/** The bill of materials of an image, or of source. */
export async function imageBom(
  ports: ProjectPorts,
  question: BomQuestion,
): Promise<Result<BomText, ProjectFailure>> {
  return told(await (await ports.images()).bom(question));
}

/** Reads an image of a layout, and says what it is. */
export async function inspectImage(
  ports: ProjectPorts,
  place: LayoutPlace,
): Promise<Result<ImageFacts, ProjectFailure>> {
  return told(await (await ports.images()).inspect(place));
}

/** Looks up what tags of bases stand for now, and writes it into `image.lock`. */
export async function lockImages(
  ports: ProjectPorts,
  references: readonly string[],
  access: RegistryAccess,
): Promise<Result<readonly LockedBase[], ProjectFailure>> {
  return told(await (await ports.images()).lock(references, access));
}

/** Sends an image of a layout to a registry. */
export async function pushImage(
  ports: ProjectPorts,
  request: ImagePush,
): Promise<Result<PushedImage, ProjectFailure>> {
  return told(await (await ports.images()).push(request));
}

/** Takes away images that are old, and what nothing names. */
export async function pruneImages(
  ports: ProjectPorts,
  request: ImagePrune,
): Promise<Result<PrunedImages, ProjectFailure>> {
  return told(await (await ports.images()).prune(request));
}

const KINDS: Readonly<Record<ImageToolFault["kind"], ProjectFailureKind>> = {
  image: "Config",
  store: "Store",
  damage: "Damage",
  registry: "Provider",
  permission: "Permission",
  keys: "Keys",
};

/** Puts a fault of the tools among the failures of use cases. */
export function told<T>(result: Result<T, ImageToolFault>): Result<T, ProjectFailure> {
  return result.ok ? result : err(imageFailure(result.error));
}

/** A fault of the tools, as commands tell it. */
export function imageFailure({ details, hint, kind, message }: ImageToolFault): ProjectFailure {
  return {
    kind: KINDS[kind],
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  };
}
