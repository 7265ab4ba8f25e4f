import type { JsonObject } from "../../engine/json.ts";
import { ok, type Result } from "../../engine/result.ts";
import { readSbom, SBOM_TYPES } from "../../image/attached_sbom.ts";
import { readDocument } from "../../image/base_image.ts";
import { type Digest, hexOf } from "../../image/digest.ts";
import { readStatement } from "../../image/image_statement.ts";
import type { Provenance } from "../../image/provenance.ts";
import type { ImageCheck, ImageCheckCode, ImageKey, ImagePolicy, RequiredKind } from "../image_trust.ts";
import { type AttachmentPlace, DOCUMENT_LIMIT_BYTES } from "./attached.ts";
import type { ImageFault } from "./image_fault.ts";
import { type Judged, judgeSigned, type Wanted, WORDS } from "./judge_image.ts";
import { type FoundStatement, openStatements } from "./open_statements.ts";
import type { RegistryFault } from "./registry_fault.ts";

type Fault = RegistryFault | ImageFault;

/** An image whose own documents were held against their digests. */
export interface CheckedImage {
  readonly digest: Digest;
  /** The manifests of its platforms; itself where it is one. */
  readonly manifests: readonly Digest[];
  readonly attachments: AttachmentPlace;
  /** What was held against digests, for people. */
  readonly checked: string;
}

/** Judges what is attached to an image. Whatever is not signed by a key of the policy plays no part, whoever attached it. */
export async function verifyImage(
  image: CheckedImage,
  policy: ImagePolicy,
): Promise<Result<readonly ImageCheck[], Fault>> {
  const answers: Answer[] = [];
  for (const target of targetsOf(image, policy)) {
    const found = await openStatements(image.attachments, target.wanted.subject, keysOf(policy));
    if (!found.ok) return found;
    const answer = answerOf(target, found.value, policy);
    const vouched = answer.accepted !== undefined || target.kind !== "sbom"
      ? ok([])
      : await sbomsByProvenance(image, target.wanted.subject, policy);
    if (!vouched.ok) return vouched;
    const [first] = vouched.value;
    answers.push(first === undefined ? answer : { ...answer, accepted: first.why, refused: [] });
  }
  return ok([
    held("V1", [image.checked]),
    trustCheck(answers),
    ...codeChecks(answers, policy),
  ]);
}

function keysOf({ keys }: ImagePolicy): readonly ImageKey[] {
  return keys.map(({ key }) => key);
}

/** The bills of materials of the image of one platform that a key of the policy stands for, as JSON. */
export async function trustedSboms(
  image: CheckedImage,
  subject: Digest,
  policy: ImagePolicy,
): Promise<Result<readonly JsonObject[], Fault>> {
  const found = await openStatements(image.attachments, subject, keysOf(policy));
  if (!found.ok) return found;
  const signed = found.value.flatMap((each) => {
    if (each.kind !== "statement") return [];
    const judged = judgeSigned(each, { subject, parts: [] }, policy);
    const statement = judged.isAccepted && judged.kind === "sbom" ? readStatement(each.payload) : undefined;
    return statement?.ok === true ? [statement.value.predicate] : [];
  });
  const named = await sbomsByProvenance(image, subject, policy);
  return named.ok ? ok([...signed, ...named.value.map(({ json }) => json)]) : named;
}

/** A bill of materials without a signature of its own counts where a provenance that counts names it by its digest. */
async function sbomsByProvenance(
  { attachments, digest, manifests }: CheckedImage,
  subject: Digest,
  policy: ImagePolicy,
): Promise<Result<readonly NamedSbom[], Fault>> {
  const found = await openStatements(attachments, digest, keysOf(policy));
  if (!found.ok) return found;
  const target: Target = { kind: "provenance", wanted: { subject: digest, parts: manifests } };
  const { provenances } = answerOf(target, found.value, policy);
  const listed = provenances.length === 0 ? ok([]) : await attachments.list(subject);
  if (!listed.ok) return listed;
  const named: NamedSbom[] = [];
  for (const { manifest, via } of listed.value) {
    const [document] = manifest.layers;
    if (via !== "list" || document === undefined || !SBOM_TYPES.includes(manifest.artifactType)) continue;
    if (!provenances.some(({ documents }) => documents.get(hexOf(document.digest)) === subject)) continue;
    const bytes = await attachments.read(document);
    if (!bytes.ok) return bytes;
    const json = readDocument(bytes.value, DOCUMENT_LIMIT_BYTES);
    const sbom = json.ok ? readSbom(json.value) : json;
    if (!json.ok || !sbom.ok) continue;
    named.push({ json: json.value, why: `${sbom.value}, which the provenance names by its digest` });
  }
  return ok(named);
}

interface NamedSbom {
  readonly json: JsonObject;
  readonly why: string;
}

/** A kind of statement that must be there, and about what. */
interface Target {
  readonly kind: RequiredKind;
  readonly wanted: Wanted;
}

function targetsOf({ digest, manifests }: CheckedImage, { require }: ImagePolicy): readonly Target[] {
  return require.flatMap((kind): readonly Target[] => {
    if (kind === "sbom") return manifests.map((subject) => ({ kind, wanted: { subject, parts: [] } }));
    return [{ kind, wanted: { subject: digest, parts: manifests } }];
  });
}

/** What there is for a target. */
interface Answer {
  readonly target: Target;
  /** The first that holds. */
  readonly accepted: string | undefined;
  /** All provenances that hold, where it is about these. */
  readonly provenances: readonly Provenance[];
  /** What trusted keys signed of that kind, or of a kind that cannot be told, and why it does not count. */
  readonly refused: readonly Extract<Judged, { readonly isAccepted: false }>[];
  readonly foreignCount: number;
  readonly altered: readonly string[];
}

function answerOf(target: Target, found: readonly FoundStatement[], policy: ImagePolicy): Answer {
  const judged = found.flatMap((each) =>
    each.kind === "statement" || each.kind === "signature" ? [judgeSigned(each, target.wanted, policy)] : []
  );
  const holding = judged.filter((each) => each.isAccepted).filter(({ kind }) => kind === target.kind);
  const [accepted] = holding;
  return {
    target,
    accepted: accepted?.why,
    provenances: holding.flatMap(({ provenance }) => provenance ?? []),
    refused: accepted === undefined
      ? judged.filter((each) => !each.isAccepted).filter(({ kind }) => (kind ?? target.kind) === target.kind)
      : [],
    foreignCount: found.filter(({ kind }) => kind === "foreign").length,
    altered: found.flatMap((each) => each.kind === "altered" ? [`${each.from} (${each.key.name})`] : []),
  };
}

/** V2: whatever must be there is signed by a key of the policy. */
function trustCheck(answers: readonly Answer[]): ImageCheck {
  const missing = answers.filter(({ accepted, refused }) => accepted === undefined && refused.length === 0);
  if (missing.length === 0) {
    return held("V2", answers.flatMap(({ accepted }) => accepted ?? []));
  }
  const isAltered = missing.some(({ altered }) => altered.length > 0);
  return { code: "V2", outcome: isAltered ? "altered" : "failed", details: missing.map(missingText) };
}

function missingText({ altered, foreignCount, target: { kind, wanted } }: Answer): string {
  const what = `no ${WORDS[kind]} of ${wanted.subject} is signed by one of the keys`;
  const others = foreignCount === 0
    ? "nothing signed is attached"
    : `${foreignCount} of what is attached ${foreignCount === 1 ? "is" : "are"} signed by none of them`;
  return altered.length === 0
    ? `${what}: ${others}`
    : `${what}: it was altered after a key had signed it: ${altered.join(", ")}`;
}

/** V3 to V7: the first that does not hold of what trusted keys signed. */
function codeChecks(answers: readonly Answer[], policy: ImagePolicy): readonly ImageCheck[] {
  const { bases, refs, require, sources } = policy;
  const isAsked: Readonly<Partial<Record<ImageCheckCode, boolean>>> = {
    V5: require.includes("provenance"),
    V6: [bases, refs, sources].some((each) => each.length > 0),
    V7: require.includes("sbom"),
  };
  const isWhole = answers.every(({ accepted }) => accepted !== undefined);
  return (["V3", "V4", "V5", "V6", "V7"] as const).map((code): ImageCheck => {
    const details = answers.flatMap(({ refused }) =>
      refused.filter((each) => each.code === code).map(({ why }) => why)
    );
    if (details.length > 0) return { code, outcome: "failed", details };
    return isWhole && isAsked[code] !== false ? held(code, []) : { code, outcome: "notAsked", details: [] };
  });
}

/** V9: what somebody has built again is the same. Who verifies builds, and so believes nobody. */
export function rebuiltCheck(
  digest: Digest,
  rebuilt: { readonly name: string; readonly digest: Digest } | undefined,
): ImageCheck {
  if (rebuilt === undefined) return { code: "V9", outcome: "notAsked", details: [] };
  return rebuilt.digest === digest
    ? held("V9", [`"${rebuilt.name}" is the same, byte for byte`])
    : { code: "V9", outcome: "failed", details: [`"${rebuilt.name}" is ${rebuilt.digest}`] };
}

function held(code: ImageCheckCode, details: readonly string[]): ImageCheck {
  return { code, outcome: "held", details };
}
