import { err, type Result } from "../engine/result.ts";
import type {
  AuditFacts,
  BomQuestion,
  BomText,
  BuiltFacts,
  ImageAudit,
  ImageBuild,
  ImageFacts,
  ImagePush,
  ImageToolFault,
  LayoutPlace,
  LockedBase,
  PushedImage,
  RegistryAccess,
} from "../providers/image_tools.ts";
import type { ProjectFailure, ProjectFailureKind } from "./failure.ts";
import type { ProjectPorts } from "./project_ports.ts";

/** Builds an image into a layout. */
export async function buildImage(
  ports: ProjectPorts,
  request: ImageBuild,
  signal: AbortSignal,
): Promise<Result<BuiltFacts, ProjectFailure>> {
  return told(await (await ports.images()).build(request, signal));
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

const KINDS: Readonly<Record<ImageToolFault["kind"], ProjectFailureKind>> = {
  image: "Config",
  store: "Store",
  damage: "Damage",
  registry: "Provider",
  permission: "Permission",
};

function told<T>(result: Result<T, ImageToolFault>): Result<T, ProjectFailure> {
  return result.ok ? result : err({ ...result.error, kind: KINDS[result.error.kind] });
}
