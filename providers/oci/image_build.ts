import type { CallFailure } from "../../engine/call_failure.ts";
import type { JsonObject } from "../../engine/json.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { ValueRecord } from "../../engine/value.ts";
import { cancelledBefore, refused } from "../failures.ts";
import { sectionFields } from "../field_reader.ts";
import type { ImageTools } from "../image_tools.ts";
import type { BuiltImages } from "./built_images.ts";
import { imageFailure } from "./image_failure.ts";
import type { ImageWish } from "./image_fields.ts";
import { findInputs, type ImageInputs, inputHash } from "./image_inputs.ts";
import { changedInputs } from "./input_changes.ts";
import type { LayoutImage } from "./layout_base.ts";

/** What building works with. */
export interface BuildParts {
  /** The working folder, absolute. */
  readonly folder: string;
  readonly readVariable: (name: string) => string | undefined;
  readonly nowMs: () => number;
  readonly tools: Pick<ImageTools, "audit" | "build">;
  readonly built: BuiltImages;
}

/** An image, as its fields describe it; the section `inputs` among them. */
export interface DescribedImage {
  readonly fields: ValueRecord;
  readonly wish: ImageWish;
}

/** An image that was built on this machine, now or before, and how. */
export interface BuiltImage {
  readonly image: LayoutImage;
  readonly provenance: JsonObject | undefined;
}

/**
 * The image of these fields in a layout of this machine. It is built unless it was already; and what is built is what the plan
 * was made on: sources that are others now, or become so while they are built, are refused.
 */
export async function builtImage(
  parts: BuildParts,
  image: DescribedImage,
  signal: AbortSignal,
): Promise<Result<BuiltImage, CallFailure>> {
  const { built, nowMs } = parts;
  const hash = inputHash(image.fields);
  const known = await built.find(hash);
  if (known !== undefined) return ok({ image: known, provenance: await built.provenance(hash) });
  const made = await build(parts, image, signal);
  if (!made.ok) return made;
  // A cache that cannot be cleaned is no reason to fail.
  await built.sweep(nowMs());
  const found = await built.find(hash);
  return found === undefined
    ? err(refused("Internal", "Cannot find the image that was built a moment ago"))
    : ok({ image: found, provenance: await built.provenance(hash) });
}

async function build(
  parts: BuildParts,
  image: DescribedImage,
  signal: AbortSignal,
): Promise<Result<void, CallFailure>> {
  const before = await plannedInputs(parts, image, signal);
  if (!before.ok) return before;
  const draft = await parts.built.draft(inputHash(image.fields));
  if (!draft.ok) return err(imageFailure(draft.error, "notDone"));
  await using place = draft.value;
  if (signal.aborted) return err(cancelledBefore(signal));
  const made = await parts.tools.build({
    ...image.wish.build,
    layout: place.layout,
    tags: [],
    provenance: "told",
  }, signal);
  if (signal.aborted) return err(cancelledBefore(signal));
  if (!made.ok) return err(imageFailure(made.error, "notDone"));
  const after = await plannedInputs(parts, image, signal);
  if (!after.ok) return after;
  const { provenance = {} } = made.value;
  const kept = await place.keep({ details: before.value.details, provenance });
  return kept.ok ? kept : err(imageFailure(kept.error, "notDone"));
}

/** What the image is made of now, which must be what the plan found. */
async function plannedInputs(
  parts: BuildParts,
  { fields, wish }: DescribedImage,
  signal: AbortSignal,
): Promise<Result<ImageInputs, CallFailure>> {
  const planned = sectionFields(fields, "inputs");
  const { base } = wish.build;
  const isBound = base !== undefined && planned["base"] === undefined;
  if (isBound && !(base.kind === "registry" && base.reference.includes("@"))) {
    return err(refused(
      "InvalidConfig",
      "Cannot build the image: a base that another resource gives must be of a registry and have a digest; bind its ref",
    ));
  }
  const now = await findInputs({ ...parts, signal }, wish);
  if (signal.aborted) return err(cancelledBefore(signal));
  if (!now.ok) return err(imageFailure(now.error, "notDone"));
  // What another resource gave is held by the digest in the field itself.
  const found = isBound ? { ...now.value.found, base: null } : now.value.found;
  const changes = changedInputs(planned, found);
  if (changes.length === 0) return now;
  return err(refused(
    "PreconditionFailed",
    `Cannot build the image: ${changes.join(" and ")} changed since the plan; plan again`,
  ));
}
