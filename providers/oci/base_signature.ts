import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import type { ValueRecord } from "../../engine/value.ts";
import { parseDigest } from "../../image/digest.ts";
import { parseReference, referenceText } from "../../image/reference.ts";
import { sectionFields } from "../field_reader.ts";
import type { BaseRequest, ImageTools } from "../image_tools.ts";
import type { ImageKey, ImageVerify, SigningFault } from "../image_trust.ts";
import { imageFailure } from "./image_failure.ts";
import { imageFault } from "./image_fault.ts";
import type { ImageWish } from "./image_fields.ts";

/** What looking at a base works with. */
export interface BaseKeyParts {
  readonly tools: Pick<ImageTools, "verify">;
  /** Takes a public key into use: a file of one, the name of one of the project, or `kms:` and one of AWS KMS. */
  openKey(place: string): Promise<Result<ImageKey, SigningFault>>;
}

/** Whether the base is signed by the key that is asked for, where one is; as `image verify` finds it, of the very digest. */
export async function signedBase(
  parts: BaseKeyParts,
  fields: ValueRecord,
  { access, build: { base }, baseKey }: ImageWish,
): Promise<Result<void, CallFailure>> {
  if (base === undefined || baseKey === undefined) return ok(undefined);
  const key = await parts.openKey(baseKey);
  if (!key.ok) return err(imageFailure(key.error, "notDone"));
  const policy = {
    require: ["signature"],
    keys: [{ key: key.value, builders: [] }],
    sources: [],
    refs: [],
    bases: [],
  } as const;
  const place = placeOf(base, sectionFields(fields, "inputs")["base"]);
  const judged = await parts.tools.verify({ ...access, place, policy, audit: undefined, rebuilt: undefined });
  if (!judged.ok) return err(imageFailure(judged.error, "notDone"));
  const wrong = judged.value.checks.filter(({ outcome }) => outcome === "failed" || outcome === "altered");
  if (wrong.length === 0) return ok(undefined);
  const fault = imageFault(`IMG031: Cannot build on "${nameOf(base)}": it is not signed by "${baseKey}"`);
  const details = wrong.flatMap(({ code, details }) => details.map((each) => `${code}: ${each}`));
  return err(imageFailure({ ...fault, details }, "notDone"));
}

/** By its digest: what a tag stands for may be another image by now. */
function placeOf(base: BaseRequest, planned: ValueRecord[string] | undefined): ImageVerify["place"] {
  const digest = typeof planned === "string" ? parseDigest(planned) : undefined;
  if (base.kind === "layout") return { kind: "layout", layout: base.layout, reference: digest ?? base.tag };
  const reference = parseReference(base.reference);
  return reference.ok && digest !== undefined
    ? { kind: "registry", reference: referenceText({ ...reference.value, tag: undefined, digest }) }
    : { kind: "registry", reference: base.reference };
}

function nameOf(base: BaseRequest): string {
  return base.kind === "registry" ? base.reference : base.layout;
}
