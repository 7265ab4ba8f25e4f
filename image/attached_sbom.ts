import { isJsonObject, type JsonObject } from "../engine/json.ts";
import { err, ok, type Result } from "../engine/result.ts";

const CYCLONEDX_VERSIONS: readonly string[] = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];
const SPDX_VERSIONS: readonly string[] = ["SPDX-2.2", "SPDX-2.3"];

/** What bills of materials are attached as, where they are attached as they are. */
export const SBOM_TYPES: readonly string[] = [
  "application/vnd.cyclonedx+json",
  "application/spdx+json",
  "text/spdx+json",
];

/**
 * Whether a document is a bill of materials, by what CycloneDX and SPDX make every document say of itself; its name, such as
 * `CycloneDX 1.6`, or the end of a sentence that says what lacks.
 */
export function readSbom(json: JsonObject): Result<string, string> {
  const { bomFormat, components = [], spdxVersion, specVersion } = json;
  if (bomFormat === "CycloneDX") {
    if (typeof specVersion !== "string" || !CYCLONEDX_VERSIONS.includes(specVersion)) {
      return err(`it is of CycloneDX ${String(specVersion)}, wanted one of ${CYCLONEDX_VERSIONS.join(", ")}`);
    }
    const isWhole = Array.isArray(components) &&
      components.every((each) => isJsonObject(each) && typeof each["name"] === "string");
    return isWhole ? ok(`CycloneDX ${specVersion}`) : err("one of its components has no name");
  }
  if (typeof spdxVersion !== "string") return err("it is neither of CycloneDX nor of SPDX");
  if (!SPDX_VERSIONS.includes(spdxVersion)) {
    return err(`it is of ${spdxVersion}, wanted one of ${SPDX_VERSIONS.join(", ")}`);
  }
  return json["SPDXID"] === "SPDXRef-DOCUMENT"
    ? ok(spdxVersion.replace("-", " "))
    : err("its SPDXID is not that of a document");
}
