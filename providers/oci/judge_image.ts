import { err, type Result } from "../../engine/result.ts";
import { readSbom } from "../../image/attached_sbom.ts";
import type { Digest } from "../../image/digest.ts";
import {
  type ImageStatement,
  kindOfPredicate,
  readStatement,
  type StatementKind,
} from "../../image/image_statement.ts";
import { LOCAL_BUILDER, type Provenance, readProvenance } from "../../image/provenance.ts";
import { parseReference, referenceText } from "../../image/reference.ts";
import type { ImageCheckCode, ImagePolicy } from "../image_trust.ts";
import type { FoundStatement } from "./open_statements.ts";

/** What a statement must be about to count. */
export interface Wanted {
  /** The image, or the image of one platform. */
  readonly subject: Digest;
  /** What a provenance must be about besides: the image of each platform. */
  readonly parts: readonly Digest[];
}

/** What became of something that a trusted key signed. */
export type Judged =
  | {
    readonly kind: StatementKind;
    readonly isAccepted: true;
    readonly why: string;
    /** What it says, where it is a provenance. */
    readonly provenance?: Provenance;
  }
  /** `kind` is `undefined` where it cannot be told. */
  | {
    readonly kind: StatementKind | undefined;
    readonly isAccepted: false;
    readonly code: ImageCheckCode;
    readonly why: string;
  };

/** The form of an in-toto statement in an envelope. */
const PAYLOAD_TYPE = "application/vnd.in-toto+json";
const ID_SHOWN = 8;

type Signed = Extract<FoundStatement, { readonly kind: "statement" | "signature" }>;

/** Judges one thing that a trusted key signed, in the order of the codes: the first that does not hold decides. */
export function judgeSigned(found: Signed, wanted: Wanted, policy: ImagePolicy): Judged {
  const { key } = found;
  const by = `by the key "${key.name}" (${key.id.slice(0, ID_SHOWN)})`;
  if (found.kind === "signature") return judgePayload(found.image, wanted, by);
  const { payload, payloadType } = found;
  const statement = payloadType === PAYLOAD_TYPE
    ? readStatement(payload)
    : err(`it is of the type "${payloadType}", wanted "${PAYLOAD_TYPE}"`);
  if (!statement.ok) return refused(undefined, "V3", `${found.from} ${by}: ${statement.error}`);
  const { predicateType } = statement.value;
  const kind = kindOfPredicate(predicateType);
  if (kind === undefined) {
    return refused(undefined, "V3", `${found.from} ${by}: nobody here knows what "${predicateType}" means`);
  }
  const stranger = strangerOf(statement.value, kind, wanted);
  if (stranger !== undefined) {
    return refused(kind, "V4", `the ${WORDS[kind]} ${by} is not about ${stranger}: ${found.from}`);
  }
  if (kind === "provenance") return judgeProvenance(readProvenance(statement.value.predicate), found, policy);
  if (kind === "signature") return accepted(kind, `signature ${by}`);
  const sbom = readSbom(statement.value.predicate);
  return sbom.ok
    ? accepted(kind, `${sbom.value} ${by}`)
    : refused(kind, "V7", `the ${WORDS[kind]} ${by}: ${sbom.error}`);
}

/** What a kind is called. */
export const WORDS: Readonly<Record<StatementKind, string>> = {
  signature: "signature",
  provenance: "provenance",
  sbom: "bill of materials",
};

function judgePayload(image: Result<Digest, string>, { subject }: Wanted, by: string): Judged {
  if (!image.ok) return refused("signature", "V3", `a signature ${by}: ${image.error}`);
  return image.value === subject
    ? accepted("signature", `signature ${by}`)
    : refused("signature", "V4", `the signature ${by} is of ${image.value}, not of ${subject}`);
}

/** The first image that a statement would have to be about and is not. */
function strangerOf(
  { subjects }: ImageStatement,
  kind: StatementKind,
  { parts, subject }: Wanted,
): Digest | undefined {
  const needed = kind === "provenance" ? [subject, ...parts] : [subject];
  return needed.find((each) => !subjects.includes(each));
}

function judgeProvenance(
  read: Result<Provenance, string>,
  { key }: Signed,
  policy: ImagePolicy,
): Judged {
  const by = `by the key "${key.name}" (${key.id.slice(0, ID_SHOWN)})`;
  if (!read.ok) return refused("provenance", "V5", `the provenance ${by}: ${read.error}`);
  const { base, builderId, sourceRef, sourceUri } = read.value;
  const told = policy.keys.find((each) => each.key.id === key.id)?.builders ?? [];
  const builders = told.length === 0 ? [LOCAL_BUILDER] : told;
  if (!builders.includes(builderId)) {
    const allowed = builders.map((each) => `"${each}"`).join(", ");
    return refused(
      "provenance",
      "V5",
      `the provenance ${by} names the builder "${builderId}", and this key may vouch for ${allowed}`,
    );
  }
  const wrong = wrongSource(read.value, policy);
  if (wrong !== undefined) return refused("provenance", "V6", `the provenance ${by} names ${wrong}`);
  const from = sourceUri === undefined
    ? ""
    : ` from ${sourceUri}${sourceRef === undefined ? "" : `@${sourceRef}`}`;
  const why = `provenance ${by}: built by ${builderId}${from} on ${base ?? SCRATCH}`;
  return { kind: "provenance", isAccepted: true, why, provenance: read.value };
}

const SCRATCH = "scratch";

/** What of a build's origin a policy does not allow. */
function wrongSource({ base, sourceRef, sourceUri }: Provenance, policy: ImagePolicy): string | undefined {
  const { bases, refs, sources } = policy;
  const uri = sourceUri?.replace(/^git\+/, "");
  if (sources.length > 0 && !sources.some((each) => each.replace(/^git\+/, "") === uri)) {
    return `the source "${sourceUri ?? "nowhere"}", wanted ${listed(sources)}`;
  }
  if (refs.length > 0 && !refs.some((each) => isRefOf(each, sourceRef ?? ""))) {
    return `the branch or tag "${sourceRef ?? "none"}", wanted ${listed(refs)}`;
  }
  const name = base === undefined ? SCRATCH : withoutTag(base);
  return bases.length > 0 && !bases.some((each) => (each === SCRATCH ? each : withoutTag(each)) === name)
    ? `the base "${name}", wanted ${listed(bases)}`
    : undefined;
}

/** A `*` at the end stands for anything. */
function isRefOf(pattern: string, ref: string): boolean {
  return pattern.endsWith("*") ? ref.startsWith(pattern.slice(0, -1)) : ref === pattern;
}

function withoutTag(base: string): string {
  const reference = parseReference(base);
  return reference.ok ? referenceText({ ...reference.value, tag: undefined, digest: undefined }) : base;
}

function listed(texts: readonly string[]): string {
  return texts.map((each) => `"${each}"`).join(" or ");
}

function accepted(kind: StatementKind, why: string): Judged {
  return { kind, isAccepted: true, why };
}

function refused(kind: StatementKind | undefined, code: ImageCheckCode, why: string): Judged {
  return { kind, isAccepted: false, code, why };
}
