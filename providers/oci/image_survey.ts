import { err, ok, type Result } from "../../engine/result.ts";
import { record, type ValueRecord } from "../../engine/value.ts";
import { sectionFields } from "../field_reader.ts";
import type { ImageToolFault } from "../image_tools.ts";
import type { Survey, SurveyFault, Surveyor, SurveyRequest } from "../surveyor.ts";
import type { BuiltImages } from "./built_images.ts";
import { inFieldWords } from "./field_words.ts";
import { type ImageWish, imageWish, repositoryText } from "./image_fields.ts";
import { findInputs, inputHash } from "./image_inputs.ts";
import { inputChanges } from "./input_changes.ts";
import type { SupplyParts } from "./supply_image.ts";

/** What a survey of images works with. */
export interface SurveyParts {
  /** The working folder, absolute. */
  readonly folder: string;
  readonly readVariable: (name: string) => string | undefined;
  readonly built: Pick<BuiltImages, "details">;
  readonly openSigner: SupplyParts["openSigner"];
}

/** Places that may come from others: nothing of them is looked at before the plan. */
const LATE_PLACES: ReadonlySet<string> = new Set([
  "identity.name",
  "identity.repository",
  "image.base",
  "image.args",
  "image.env",
  "image.labels",
  "image.annotations",
  "image.user",
  "image.workdir",
  "image.ports",
  "image.stop_signal",
  "image.epoch",
]);
/** What stands in the place of what is not known yet. */
const STAND_INS: ValueRecord = record([["name", "later"], ["repository", "later.invalid/later"]]);

/** Looks at what images are made of. */
export function imageSurveyor(parts: SurveyParts): Surveyor {
  return {
    async survey(requests, signal) {
      const surveys: Survey[] = [];
      const repositories = new Map<string, string>();
      for (const request of requests) {
        const survey = await surveyOne(parts, request, { repositories, signal });
        if (!survey.ok) return survey;
        surveys.push(survey.value);
      }
      return ok(surveys);
    },
  };
}

async function surveyOne(
  parts: SurveyParts,
  request: SurveyRequest,
  { repositories, signal }: { readonly repositories: Map<string, string>; readonly signal: AbortSignal },
): Promise<Result<Survey, SurveyFault>> {
  const { address, applied } = request;
  const wish = wishOf(request);
  if (!wish.ok) return err({ kind: "config", address, message: wish.error });
  if (!request.bound.includes("identity.repository")) {
    const name = repositoryText(wish.value.repository);
    const other = repositories.get(name);
    if (other !== undefined) {
      return err({
        kind: "config",
        address,
        message: `"${name}" is the repository of ${other} too`,
        hint: "Give each image a repository of its own: the repository is what it is known by",
      });
    }
    repositories.set(name, address);
  }
  const key = await keyFault(parts, wish.value);
  if (key !== undefined) return err(faultOf(address, key));
  const found = await findInputs({ ...parts, signal }, wish.value);
  if (!found.ok) return err(faultOf(address, found.error));
  const before = applied === undefined ? undefined : sectionFields(applied, "inputs");
  if (applied === undefined || before === undefined || Object.keys(before).length === 0) {
    const reasons = applied === undefined
      ? []
      : ["what it was built from is not known: it is built to compare"];
    return ok({ found: found.value.found, reasons });
  }
  const details = await parts.built.details(inputHash(applied));
  return ok({ found: found.value.found, reasons: inputChanges({ found: before, details }, found.value) });
}

/** A key of this project must be there; one of a key service is asked when it signs. */
async function keyFault(
  { openSigner }: SurveyParts,
  { supply: { sign } }: ImageWish,
): Promise<ImageToolFault | undefined> {
  if (sign === undefined || sign.startsWith("kms:")) return undefined;
  const signer = await openSigner(sign);
  return signer.ok ? undefined : signer.error;
}

function wishOf({ bound, fields }: SurveyRequest): Result<ImageWish, string> {
  const early = bound.find((place) =>
    place.startsWith("source.") || place.startsWith("image.") && !LATE_PLACES.has(place)
  );
  if (early !== undefined) {
    return err(
      `"${early}" must be written here: the plan looks at what it names, and what others give comes later`,
    );
  }
  const identity = record([
    ...Object.entries(STAND_INS),
    ...Object.entries(sectionFields(fields, "identity")),
  ]);
  return imageWish(record([...Object.entries(fields), ["identity", identity]]));
}

const KINDS = {
  image: "config",
  store: "store",
  damage: "damage",
  permission: "permission",
  keys: "config",
  registry: "store",
} as const;

function faultOf(address: string, fault: ImageToolFault): SurveyFault {
  const { kind, ...rest } = inFieldWords(fault);
  return { ...rest, kind: KINDS[kind], address };
}
