import { canonicalJson } from "../../engine/canonical_json.ts";
import { ok, type Result } from "../../engine/result.ts";
import type { AuditSubject } from "../../image/audit_packages.ts";
import { readCyclonedx } from "../../image/bom_reader.ts";
import { type Digest, hexOf } from "../../image/digest.ts";
import type { AuditRequest } from "../image_contents.ts";
import type { ImageCheck, ImagePolicy } from "../image_trust.ts";
import { audit, type AuditParts, reportLines } from "./audit_gate.ts";
import type { ImageFault } from "./image_fault.ts";
import type { RegistryFault } from "./registry_fault.ts";
import { type CheckedImage, trustedSboms } from "./verify_image.ts";

/**
 * V8: what an image is made of has no known faults, by the bills of materials that a key of the policy stands for and no other;
 * `asked` is `undefined` where nobody asks.
 */
export async function auditCheck(
  parts: AuditParts,
  image: CheckedImage,
  { asked, policy }: { readonly asked: AuditRequest | undefined; readonly policy: ImagePolicy },
): Promise<Result<ImageCheck, ImageFault | RegistryFault>> {
  if (asked === undefined) return ok({ code: "V8", outcome: "notAsked", details: [] });
  const packages = new Map<string, AuditSubject["packages"][number]>();
  const lacking: string[] = [];
  let rust: string | undefined;
  for (const subject of image.manifests) {
    const found = await contentsOf(image, subject, policy);
    if (!found.ok) return found;
    if (found.value === undefined) {
      lacking.push(`no bill of materials in CycloneDX that counts is about ${subject}`);
    }
    for (const each of found.value?.packages ?? []) packages.set(Object.values(each).join(" "), each);
    rust ??= found.value?.rust;
  }
  if (lacking.length > 0) return ok({ code: "V8", outcome: "failed", details: lacking });
  // Of what is for one system only it is not known here which it is, so that all counts.
  const report = await audit(parts, asked, { packages: [...packages.values()], targets: [], rust });
  if (!report.ok) return report;
  const outcome = report.value.outcome === "passed" ? "held" : "failed";
  return ok({ code: "V8", outcome, details: reportLines(report.value) });
}

async function contentsOf(
  image: CheckedImage,
  subject: Digest,
  policy: ImagePolicy,
): Promise<Result<Pick<AuditSubject, "packages" | "rust"> | undefined, ImageFault | RegistryFault>> {
  const trusted = await trustedSboms(image, subject, policy);
  if (!trusted.ok) return trusted;
  for (const json of trusted.value) {
    const read = readCyclonedx(new TextEncoder().encode(canonicalJson(json)));
    if (!read.ok) continue;
    const { packages, rust, subjectSha256 } = read.value;
    if (subjectSha256 === undefined || subjectSha256 === hexOf(subject)) return ok({ packages, rust });
  }
  return ok(undefined);
}
