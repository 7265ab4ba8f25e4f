import { isJsonObject, type JsonObject, parseJson } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";
import type { AuditedPackage } from "./audit_packages.ts";
import { barePart, type BomPart } from "./bom.ts";
import type { ProgramContents } from "./bom_contents.ts";
import type { PackageOrigin } from "./cargo_lock.ts";
import { objectIn, objectsIn, textIn } from "./json_fields.ts";
import { type Licence, parseLicence } from "./licence.ts";
import { parseVersion } from "./version.ts";

/** A document larger than this is none. */
export const BOM_LIMIT_BYTES = 64 * 1024 * 1024;

const HEX_REGEXP = /^[0-9a-f]{64}$/;
const CARGO_PREFIX = "pkg:cargo/";
const CARGO_REGEXP = /^pkg:cargo\/([A-Za-z0-9_-]+)@([^?#]+)(?:\?([^#]*))?/;

/** A document in CycloneDX that others may have written. */
export interface ReadBom {
  /** SHA-256 of what it says that it is about, in hex, where it says one. */
  readonly subjectSha256: string | undefined;
  /** What it lists, without what it is about. */
  readonly contents: ProgramContents;
  /** Crates that it lists, as advisories name them. */
  readonly packages: readonly AuditedPackage[];
  /** The version of Rust's standard library, where it lists that. */
  readonly rust: string | undefined;
}

/** Reads a document in CycloneDX, of any version; the error ends a sentence. */
export function readCyclonedx(bytes: Uint8Array): Result<ReadBom, string> {
  const json = parseJson(new TextDecoder().decode(bytes));
  if (!isJsonObject(json) || json["bomFormat"] !== "CycloneDX") {
    return err("it is no document in CycloneDX, as JSON");
  }
  const listed = json["components"] ?? [];
  if (!Array.isArray(listed) || !listed.every(isJsonObject)) return err("its components are no list");
  const subject = objectIn(objectIn(json, "metadata"), "component");
  const relies = reliesOf(json);
  const components = listed.flatMap(withNested);
  const parts: BomPart[] = [];
  for (const [index, component] of components.entries()) {
    const part = readPart(component, index, relies);
    if (part === undefined) return err(`its component number ${index + 1} has no name`);
    parts.push(part);
  }
  const nameless = parts.find((part) => isCrate(part) && packageOf(part) === undefined);
  if (nameless !== undefined) {
    return err(`its component "${nameless.name}" is a crate of no version: ${nameless.purl}`);
  }
  const refs = new Set(parts.map(({ ref }) => ref));
  if (refs.size !== parts.length) return err("two of its components have one bom-ref");
  return ok({
    subjectSha256: sha256In(subject),
    contents: contentsOf(parts, refs, relies.get(textIn(subject, "bom-ref") ?? "")),
    packages: auditedParts(parts),
    rust: parts.find(({ purl }) => purl?.startsWith("pkg:generic/rust-std@"))?.version,
  });
}

/** The crates among parts, as advisories name them. */
export function auditedParts(parts: readonly BomPart[]): readonly AuditedPackage[] {
  return parts.filter(isCrate).flatMap((part) => packageOf(part) ?? []);
}

function isCrate({ purl }: BomPart): boolean {
  return purl?.startsWith(CARGO_PREFIX) === true;
}

function contentsOf(
  parts: readonly BomPart[],
  refs: ReadonlySet<string>,
  tops: readonly string[] | undefined,
): ProgramContents {
  const kept = parts.map((part) => ({ ...part, relies: part.relies.filter((ref) => refs.has(ref)) }));
  const relied = new Set(kept.flatMap(({ relies }) => relies));
  const named = (tops ?? []).filter((ref) => refs.has(ref));
  const unnamed = kept.map(({ ref }) => ref).filter((ref) => !relied.has(ref));
  return { parts: kept, tops: named.length > 0 ? named : unnamed, aggregate: "unknown" };
}

/** Components may hold others. */
function withNested(component: JsonObject): readonly JsonObject[] {
  const nested = component["components"];
  return [component, ...(Array.isArray(nested) ? nested.filter(isJsonObject).flatMap(withNested) : [])];
}

function reliesOf(json: JsonObject): ReadonlyMap<string, readonly string[]> {
  return new Map(
    objectsIn(json, "dependencies").map((each) => {
      const on = each["dependsOn"];
      const refs = Array.isArray(on) ? on.filter((ref) => typeof ref === "string") : [];
      return [textIn(each, "ref") ?? "", refs];
    }),
  );
}

function readPart(
  component: JsonObject,
  index: number,
  relies: ReadonlyMap<string, readonly string[]>,
): BomPart | undefined {
  const name = textIn(component, "name");
  if (name === undefined) return undefined;
  const scope = textIn(component, "scope");
  const ref = textIn(component, "bom-ref") ?? `listed-${index}`;
  return barePart({
    ref,
    role: "dependency",
    kind: KINDS.find((each) => each === component["type"]) ?? "library",
    name,
    version: textIn(component, "version"),
    purl: textIn(component, "purl"),
    sha256: sha256In(component),
    licence: licenceIn(component),
    scope: scope === "required" || scope === "excluded" ? scope : undefined,
    relies: relies.get(ref) ?? [],
    notes: objectsIn(component, "properties").flatMap((each) => {
      const note = textIn(each, "name");
      return note === undefined || !note.startsWith(OWN_NOTES) ? [] : [
        [note.slice(OWN_NOTES.length), textIn(each, "value") ?? ""] as const,
      ];
    }),
  });
}

const KINDS = ["application", "container", "file", "library"] as const;
const OWN_NOTES = "smelt:";

function licenceIn(component: JsonObject): Licence {
  const told = objectsIn(component, "licenses").flatMap((each) => {
    const licence = objectIn(each, "license");
    return textIn(each, "expression") ?? textIn(licence, "id") ?? textIn(licence, "name") ?? [];
  });
  if (told.length === 0) return { kind: "unasked" };
  return parseLicence(told.length === 1 ? told.join("") : told.map((each) => `(${each})`).join(" AND "));
}

/** Other programs read package URLs too, so that they count more than what stands beside them. */
function packageOf({ notes, purl = "" }: BomPart): AuditedPackage | undefined {
  const [, name = "", version = "", qualifiers = ""] = CARGO_REGEXP.exec(purl) ?? [];
  const decoded = version.replaceAll(/%2b/gi, "+");
  if (parseVersion(decoded) === undefined) return undefined;
  const origin = notes.find(([note]) => note === "origin")?.[1];
  return { name, version: decoded, origin: ORIGINS.find((each) => each === origin) ?? originIn(qualifiers) };
}

const ORIGINS: readonly PackageOrigin[] = ["crates.io", "git", "path", "registry"];

function originIn(qualifiers: string): PackageOrigin {
  if (qualifiers.includes("vcs_url=")) return "git";
  return qualifiers.includes("repository_url=") ? "registry" : "crates.io";
}

function sha256In(component: JsonObject): string | undefined {
  const hash = objectsIn(component, "hashes").find(({ alg }) => alg === "SHA-256");
  const content = hash === undefined ? undefined : textIn(hash, "content")?.toLowerCase();
  return content !== undefined && HEX_REGEXP.test(content) ? content : undefined;
}
