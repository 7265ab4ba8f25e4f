import { canonicalJson } from "../engine/canonical_json.ts";
import { digestUuid } from "../engine/digest_uuid.ts";
import type { Json, JsonObject } from "../engine/json.ts";
import { compareText } from "../engine/text_order.ts";
import { instantOf } from "./assemble_image.ts";
import type { Bom, BomPart } from "./bom.ts";
import type { Sha256 } from "./digest.ts";

/** Media type of the document, as registries name it. */
export const SPDX_TYPE = "application/spdx+json";
/** What a statement about the document is called (in-toto). */
export const SPDX_PREDICATE = "https://spdx.dev/Document";

const DOCUMENT = "SPDXRef-DOCUMENT";
/** A licence that another document would tell; there is none. */
const OTHER_DOCUMENT = "DocumentRef-";
const OWN_REGEXP = /LicenseRef-[A-Za-z0-9.-]+/g;
const NOT_SAID = "NOASSERTION";
/** Where no host is ours, names of documents are made of this one, which nobody can have. */
const NAMESPACE = "https://smelt.invalid/spdx";

const PURPOSES: Readonly<Record<BomPart["kind"], string>> = {
  application: "APPLICATION",
  container: "CONTAINER",
  file: "FILE",
  library: "LIBRARY",
};

/**
 * Writes a bill of materials in SPDX 2.3. Files are packages too, since the format asks of its files a digest by SHA-1. Equal
 * bills give equal bytes; where no time was set the format, which cannot do without, is told 1970.
 */
export function spdx(bom: Bom, tool: { readonly version: string; readonly sha256: Sha256 }): JsonObject {
  const { epoch = 0, parts, subject } = bom;
  const ids = new Map([subject, ...parts].map(({ ref }, index) => [ref, `SPDXRef-${index}`]));
  const document: JsonObject = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: DOCUMENT,
    name: subject.name,
    creationInfo: {
      created: instantOf(epoch),
      creators: [`Tool: smelt-${tool.version}`],
      comment: completenessText(bom),
    },
    packages: [subject, ...parts].map((part) => packageJson(part, ids)),
    relationships: relationshipsOf(bom, ids),
    ...ownLicences(bom),
  };
  const hex = tool.sha256(new TextEncoder().encode(canonicalJson(document)));
  return { ...document, documentNamespace: `${NAMESPACE}/${digestUuid(hex)}` };
}

function packageJson(part: BomPart, ids: ReadonlyMap<string, string>): JsonObject {
  const { kind, name, notes, purl, ref, sha256, version } = part;
  const comments = notes.map(([note, value]) => `${note}: ${value}`);
  return {
    SPDXID: ids.get(ref) ?? "",
    name,
    ...(version === undefined ? {} : { versionInfo: version }),
    downloadLocation: downloadOf(part),
    filesAnalyzed: false,
    primaryPackagePurpose: PURPOSES[kind],
    ...(sha256 === undefined ? {} : { checksums: [{ algorithm: "SHA256", checksumValue: sha256 }] }),
    licenseConcluded: NOT_SAID,
    ...licenceJson(part),
    copyrightText: NOT_SAID,
    ...(purl === undefined ? {} : {
      externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl }],
    }),
    ...(comments.length === 0 ? {} : { comment: comments.join("; ") }),
  };
}

function downloadOf({ name, notes, purl = "", version }: BomPart): string {
  const isPublic = notes.some(([note, value]) => note === "origin" && value === "crates.io");
  if (isPublic) return `https://crates.io/api/v1/crates/${name}/${version ?? ""}/download`;
  const place = /[?&]vcs_url=([^&]+)/.exec(purl)?.[1];
  return place === undefined ? NOT_SAID : decodeURIComponent(place);
}

function licenceJson({ licence }: BomPart): JsonObject {
  switch (licence.kind) {
    case "expression":
      return licence.text.includes(OTHER_DOCUMENT)
        ? { licenseDeclared: NOT_SAID, licenseComments: `The package says "${licence.text}"` }
        : { licenseDeclared: licence.text };
    case "named":
      return {
        licenseDeclared: NOT_SAID,
        licenseComments: `The package says "${licence.text}", which is no expression of SPDX`,
      };
    case "file":
      return {
        licenseDeclared: NOT_SAID,
        licenseComments: `The package names its file "${licence.name}", SHA-256 ${
          licence.sha256 ?? "unread"
        }`,
      };
    case "missing":
      return { licenseDeclared: "NONE" };
    default:
      return { licenseDeclared: NOT_SAID };
  }
}

/** Licences of packages' own, which the format wants a text of. */
function ownLicences({ parts }: Bom): JsonObject {
  const texts = parts.flatMap(({ licence }) => licence.kind === "expression" ? [licence.text] : []);
  const named = texts.filter((text) => !text.includes(OTHER_DOCUMENT)).flatMap((text) =>
    text.match(OWN_REGEXP) ?? []
  );
  const ids = [...new Set(named)].toSorted(compareText);
  if (ids.length === 0) return {};
  return {
    hasExtractedLicensingInfos: ids.map((licenseId) => ({
      licenseId,
      extractedText: "The text lies in the package that names the licence so",
    })),
  };
}

function relationshipsOf({ parts, subject }: Bom, ids: ReadonlyMap<string, string>): readonly Json[] {
  const byRef = new Map(parts.map((part) => [part.ref, part]));
  const told = [subject, ...parts].flatMap((part) =>
    [...new Set(part.relies)].flatMap((ref) => {
      const other = byRef.get(ref);
      return other === undefined ? [] : [relationship(part, other, ids)];
    })
  );
  return [
    {
      spdxElementId: DOCUMENT,
      relationshipType: "DESCRIBES",
      relatedSpdxElement: ids.get(subject.ref) ?? "",
    },
    ...told,
  ];
}

/** Some are told from the other side. */
function relationship(part: BomPart, other: BomPart, ids: ReadonlyMap<string, string>): JsonObject {
  const [from, to] = [ids.get(part.ref) ?? "", ids.get(other.ref) ?? ""];
  const told = (spdxElementId: string, relationshipType: string, relatedSpdxElement: string): JsonObject => ({
    spdxElementId,
    relationshipType,
    relatedSpdxElement,
  });
  if (other.role === "variant") return told(to, "VARIANT_OF", from);
  if (other.role === "base") return told(from, "DESCENDANT_OF", to);
  if (other.role === "contents") return told(from, "CONTAINS", to);
  return other.scope === "excluded" ? told(to, "BUILD_DEPENDENCY_OF", from) : told(from, "DEPENDS_ON", to);
}

/** The format has no field for how much is listed. */
function completenessText({ aggregates }: Bom): string {
  const words = aggregates.map(({ aggregate, refs }) => `${aggregate} for ${refs[0] ?? "nothing"}`);
  return `What is relied on is listed: ${words.join(", ")}`;
}
