import { canonicalJson } from "../engine/canonical_json.ts";
import { digestUuid } from "../engine/digest_uuid.ts";
import type { Json, JsonObject } from "../engine/json.ts";
import { instantOf } from "./assemble_image.ts";
import type { Bom, BomPart } from "./bom.ts";
import type { Sha256 } from "./digest.ts";
import type { Licence } from "./licence.ts";

/** Media type of the document, as registries name it. */
export const CYCLONEDX_TYPE = "application/vnd.cyclonedx+json";
/** What a statement about the document is called (in-toto). */
export const CYCLONEDX_PREDICATE = "https://cyclonedx.org/bom";

const SPEC_VERSION = "1.6";

/**
 * Writes a bill of materials in CycloneDX 1.6 (ECMA-424). Equal bills give equal bytes: the serial number is made of the
 * document itself, and the time is told only where one was set.
 */
export function cyclonedx(bom: Bom, tool: { readonly version: string; readonly sha256: Sha256 }): JsonObject {
  const { aggregates, epoch, parts, subject } = bom;
  const document: JsonObject = {
    $schema: `http://cyclonedx.org/schema/bom-${SPEC_VERSION}.schema.json`,
    bomFormat: "CycloneDX",
    specVersion: SPEC_VERSION,
    version: 1,
    metadata: {
      ...(epoch === undefined ? {} : { timestamp: instantOf(epoch) }),
      tools: {
        components: [{ type: "application", "bom-ref": "smelt", name: "smelt", version: tool.version }],
      },
      component: componentJson(subject),
    },
    components: parts.map(componentJson),
    dependencies: [subject, ...parts].map(({ ref, relies }) => ({ ref, dependsOn: [...new Set(relies)] })),
    compositions: aggregates.map(({ aggregate, refs }) => ({ aggregate, dependencies: [...refs] })),
  };
  const hex = tool.sha256(new TextEncoder().encode(canonicalJson(document)));
  return { ...document, serialNumber: `urn:uuid:${digestUuid(hex)}` };
}

function componentJson(
  { kind, licence, name, notes, purl, ref, scope, sha256, version }: BomPart,
): JsonObject {
  return {
    type: kind,
    "bom-ref": ref,
    name,
    ...(version === undefined ? {} : { version }),
    ...(scope === undefined ? {} : { scope }),
    ...(sha256 === undefined ? {} : { hashes: [{ alg: "SHA-256", content: sha256 }] }),
    ...licencesJson(licence),
    ...(purl === undefined ? {} : { purl }),
    ...(notes.length === 0
      ? {}
      : { properties: notes.map(([note, value]) => ({ name: `smelt:${note}`, value })) }),
  };
}

function licencesJson(licence: Licence): JsonObject {
  const listed = (json: Json): JsonObject => ({ licenses: [json] });
  switch (licence.kind) {
    case "expression":
      return listed({ expression: licence.text });
    case "named":
      return listed({ license: { name: licence.text } });
    case "file":
      return listed({ license: { name: `see the file ${licence.name} of the package` } });
    default:
      return {};
  }
}
