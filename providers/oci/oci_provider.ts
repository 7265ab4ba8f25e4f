import { join } from "node:path";
import type { Clock } from "../../engine/clock.ts";
import type { Random } from "../../engine/random.ts";
import { ok } from "../../engine/result.ts";
import type { Result } from "../../engine/result.ts";
import type { ValueRecord } from "../../engine/value.ts";
import { parseReference } from "../../image/reference.ts";
import { sectionFields } from "../field_reader.ts";
import type { ImageKey, ImageSigner, SigningFault } from "../image_trust.ts";
import type { PermissionNeed, Provider } from "../provider.ts";
import type { Surveyor } from "../surveyor.ts";
import { providerOfTypes } from "../type_adapter.ts";
import type { ImageCalls } from "./image_type.ts";
import { CARGO_TOOLS } from "./cargo_tool_names.ts";
import { IMAGE_SCHEMA } from "./image_schema.ts";
import { registryPlace } from "./registry_url.ts";

/** What the provider is made of. */
export interface OciParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly readVariable: (name: string) => string | undefined;
  /** The project's folder, absolute. */
  readonly root: string;
  /** The user's own, where what was built and fetched is kept. */
  readonly cacheFolder: string;
  /** The version of smelt. */
  readonly toolVersion: string;
  /** Told of each credential that is read, so that it is shown nowhere. */
  readonly noteSecret?: (text: string) => void;
  /** Takes a key into use that signs images: the name of one of the project, or `kms:` and one of AWS KMS. */
  openSigner(name: string): Promise<Result<ImageSigner, SigningFault>>;
  /** Takes a public key into use: a file of one, the name of one of the project, or `kms:` and one of AWS KMS. */
  openKey(place: string): Promise<Result<ImageKey, SigningFault>>;
}

/** The provider `oci`, and who looks at what its images are made of. Both are loaded when they are first asked. */
export interface OciProvider {
  readonly provider: Provider;
  readonly surveyors: ReadonlyMap<string, Surveyor>;
}

/** Images in registries. A repository's name says which registry it is in, so that all of them are one account. */
export function ociProvider(parts: OciParts): OciProvider {
  const load = async (): Promise<ImageCalls> => (await loaded(parts)).calls;
  const image = {
    schema: IMAGE_SCHEMA,
    permissions: imagePermissions,
    // A survey has looked at all that it is made of.
    check: () => Promise.resolve(ok(undefined)),
    create: async (...call) => await (await load()).create(...call),
    update: async (...call) => await (await load()).update(...call),
    read: async (...call) => await (await load()).read(...call),
    delete: async (...call) => await (await load()).delete(...call),
    list: async (...call) => await (await load()).list(...call),
  } satisfies Parameters<typeof providerOfTypes>[2][number];
  return {
    provider: providerOfTypes("oci", "registries", [image]),
    surveyors: new Map([[IMAGE_SCHEMA.type, {
      survey: async (requests, signal) => await (await loaded(parts)).surveyor.survey(requests, signal),
    }]]),
  };
}

interface Loaded {
  readonly calls: ImageCalls;
  readonly surveyor: Surveyor;
}

async function loaded({ cacheFolder, root: folder, ...parts }: OciParts): Promise<Loaded> {
  const [{ imageCalls }, { imageSurveyor }, { imageTools, openClientOf }, { openBuiltImages }] = await Promise
    .all([
      import("./image_type.ts"),
      import("./image_survey.ts"),
      import("./image_tools.ts"),
      import("./built_images.ts"),
    ]);
  const built = openBuiltImages(parts.random, join(cacheFolder, "images-built"));
  const tools = { ...parts, cacheFolder, workingFolder: folder };
  return {
    surveyor: imageSurveyor({ ...parts, folder, built }),
    calls: imageCalls({
      ...parts,
      folder,
      built,
      nowMs: () => parts.clock.wallMs(),
      tools: imageTools(tools),
      openClient: (reference, access) => openClientOf(tools, reference, access),
    }),
  };
}

/** The registry, and the tools of a build. What a base that is not here yet needs is said where it lacks. */
function imagePermissions(fields: ValueRecord): readonly PermissionNeed[] {
  const { repository } = sectionFields(fields, "identity");
  const { builder } = sectionFields(fields, "source");
  const place = typeof repository === "string" ? parseReference(repository) : undefined;
  return [
    ...(place?.ok === true
      ? [{ kind: "net", target: registryPlace(place.value.host, new Set()).apiHost } as const]
      : []),
    ...(builder === "cargo" ? CARGO_TOOLS.map((target) => ({ kind: "run", target } as const)) : []),
  ];
}
