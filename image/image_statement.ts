import { isJsonObject, type Json, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import { readDocument } from "./base_image.ts";
import { type Digest, hexOf, parseDigest } from "./digest.ts";

/** What is said of an image in in-toto's Statement v1: about which bytes, of which kind, and what. */
export interface ImageStatement {
  readonly subjects: readonly Digest[];
  readonly predicateType: string;
  readonly predicate: JsonObject;
}

/** The kinds of statements that are known. */
export type StatementKind = "signature" | "provenance" | "sbom";

/** The largest statement that is read: a bill of materials may be long. */
export const STATEMENT_LIMIT_BYTES = 32 * 1024 * 1024;

const STATEMENT_TYPES: readonly string[] = [
  "https://in-toto.io/Statement/v1",
  "https://in-toto.io/Statement/v0.1",
];
/** That somebody stands for an image and says nothing more of it, as cosign has it. */
export const SIGNATURE_PREDICATE = "https://sigstore.dev/cosign/sign/v1";
export const PROVENANCE_PREDICATE = "https://slsa.dev/provenance/v1";
const SBOM_PREDICATE_REGEXP = /^https:\/\/(?:cyclonedx\.org\/bom|spdx\.dev\/Document)(?:\/v[0-9.]+)?$/;

/** Writes a statement about images by their digests; `name` is where they are going to, for people. */
export function statementJson(
  name: string,
  { predicate, predicateType, subjects }: ImageStatement,
): JsonObject {
  return {
    _type: STATEMENT_TYPES[0] ?? "",
    subject: subjects.map((digest) => ({ name, digest: { sha256: hexOf(digest) } })),
    predicateType,
    predicate,
  };
}

/** The kind of a predicate; `undefined` for one that is not known. */
export function kindOfPredicate(predicateType: string): StatementKind | undefined {
  if (predicateType === SIGNATURE_PREDICATE) return "signature";
  if (predicateType === PROVENANCE_PREDICATE) return "provenance";
  return SBOM_PREDICATE_REGEXP.test(predicateType) ? "sbom" : undefined;
}

/** Reads a statement; the error ends a sentence. Subjects by other digests than SHA-256 are passed over: no image is named so. */
export function readStatement(bytes: Uint8Array): Result<ImageStatement, string> {
  const json = readDocument(bytes, STATEMENT_LIMIT_BYTES);
  if (!json.ok) return json;
  const { _type: type, predicate, predicateType, subject } = json.value;
  if (typeof type !== "string" || !STATEMENT_TYPES.includes(type)) {
    return err(`it says that it is "${String(type)}", wanted "${STATEMENT_TYPES[0]}"`);
  }
  if (typeof predicateType !== "string") return err("it has no predicateType");
  if (!isList(subject)) return err("it has no list of subjects");
  // A signature's predicate may be missing altogether.
  const said = predicate === undefined || predicate === null ? {} : predicate;
  if (!isJsonObject(said)) return err("its predicate is no object");
  return ok({ subjects: subject.flatMap((each) => digestOf(each) ?? []), predicateType, predicate: said });
}

function digestOf(subject: Json): Digest | undefined {
  const digest = isJsonObject(subject) ? subject["digest"] : undefined;
  const hex = isJsonObject(digest) ? digest["sha256"] : undefined;
  return typeof hex === "string" ? parseDigest(`sha256:${hex}`) : undefined;
}

function isList(json: Json | undefined): json is readonly Json[] {
  return Array.isArray(json);
}
