import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";

/** What a build was made of and by whom, before it is SLSA's provenance v1 (https://slsa.dev/spec/v1.0/provenance). */
export interface BuildFacts {
  /** What the parameters below mean. */
  readonly buildType: string;
  /** What whoever asked for the build said. Nothing else decides what it makes but what it was made of. */
  readonly externalParameters: JsonObject;
  /** What the builder added of its own. */
  readonly internalParameters: JsonObject;
  readonly materials: readonly Material[];
  /** What it made beside the image. */
  readonly byproducts: readonly Material[];
  /** A URI that says who vouches for all of this. */
  readonly builderId: string;
  readonly version: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly startedOn: string;
  readonly finishedOn: string;
}

/** Something that a build was made of, or that it made (in-toto, resource_descriptor.md). */
export interface Material {
  readonly name?: string;
  readonly uri?: string;
  readonly mediaType?: string;
  /** By algorithm, in lower-case hex. */
  readonly digest?: Readonly<Record<string, string>>;
  readonly annotations?: JsonObject;
}

/** What a build from programs that are there, and one by cargo, are called: docs/images.md tells of their parameters. */
export const BUILD_TYPES = {
  prebuilt: "urn:smelt:image:prebuilt:v1",
  cargo: "urn:smelt:image:cargo:v1",
} as const;

/** Who builds where nobody says otherwise: some machine, with nothing but the key to vouch for it (SLSA build level 1). */
export const LOCAL_BUILDER = "urn:smelt:builder:local";

/** The external parameters that each type of build has; another one is of another program, and means what nobody here knows. */
const PARAMETERS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values(BUILD_TYPES).map((type) => [type, ["source", "platforms", "base", "image", "files"]]),
);

/** The predicate of a build. */
export function provenanceJson(facts: BuildFacts): JsonObject {
  const { builderId, buildType, byproducts, externalParameters, internalParameters, materials } = facts;
  return {
    buildDefinition: {
      buildType,
      externalParameters,
      internalParameters,
      resolvedDependencies: materials.map((each) => ({ ...each })),
    },
    runDetails: {
      builder: { id: builderId, version: { ...facts.version } },
      metadata: { startedOn: facts.startedOn, finishedOn: facts.finishedOn },
      ...(byproducts.length === 0 ? {} : { byproducts: byproducts.map((each) => ({ ...each })) }),
    },
  };
}

/** What a provenance says, as far as it can be judged. */
export interface Provenance {
  readonly builderId: string;
  readonly buildType: string;
  /** Where the source is from; `undefined` where it does not say. */
  readonly sourceUri: string | undefined;
  readonly sourceRef: string | undefined;
  /** As it was asked for; `undefined` for an image from scratch. */
  readonly base: string | undefined;
  readonly externalParameters: JsonObject;
  /** Documents that the build made: of each the SHA-256, in hex, and the digest of the image that it is about. */
  readonly documents: ReadonlyMap<string, string>;
}

/** Reads a predicate of a build that smelt knows; the error ends a sentence. */
export function readProvenance(predicate: JsonObject): Result<Provenance, string> {
  const { buildDefinition, runDetails } = predicate;
  const { buildType, externalParameters } = objectOf(buildDefinition);
  const { id } = objectOf(objectOf(runDetails)["builder"]);
  if (typeof id !== "string") return err("it names no builder");
  if (typeof buildType !== "string" || !isJsonObject(externalParameters)) {
    return err("it has no buildType or no external parameters");
  }
  const known = PARAMETERS.get(buildType);
  if (known === undefined) return err(`it is of the build type "${buildType}", which is not known here`);
  const unknown = Object.keys(externalParameters).find((each) => !known.includes(each));
  if (unknown !== undefined) {
    return err(`it has the external parameter "${unknown}", which is not known here`);
  }
  const { ref, uri } = objectOf(externalParameters["source"]);
  return ok({
    builderId: id,
    buildType,
    sourceUri: textOf(uri),
    sourceRef: textOf(ref),
    base: textOf(externalParameters["base"]),
    externalParameters,
    documents: new Map(documentsIn(objectOf(runDetails)["byproducts"])),
  });
}

function documentsIn(byproducts: Json | undefined): readonly (readonly [string, string])[] {
  if (!Array.isArray(byproducts)) return [];
  return byproducts.flatMap((each: Json) => {
    const { annotations, digest } = objectOf(each);
    const [hex, subject] = [textOf(objectOf(digest)["sha256"]), textOf(objectOf(annotations)["subject"])];
    return hex === undefined || subject === undefined ? [] : [[hex, subject] as const];
  });
}

/** What two builds of the same have in common: all but when they were made. */
export function sameBuild(predicate: JsonObject): JsonObject {
  const { metadata: _metadata, ...details } = objectOf(predicate["runDetails"]);
  return { ...predicate, runDetails: details };
}

function objectOf(json: Json | undefined): JsonObject {
  return isJsonObject(json) ? json : {};
}

function textOf(json: Json | undefined): string | undefined {
  return typeof json === "string" ? json : undefined;
}
