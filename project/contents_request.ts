import { err, ok, type Result } from "../engine/result.ts";
import type {
  AuditRequest,
  BomFormat,
  BomQuestion,
  BomRequest,
  ImageAudit,
} from "../providers/image_contents.ts";
import { type ChosenSetting, chosenText } from "./choose_image_settings.ts";
import { layoutPlace } from "./layout_place.ts";

/** What is said of an audit. */
export interface AuditTexts extends Omit<AuditRequest, "policy"> {
  readonly policy: string | undefined;
}

const POLICIES = ["deny", "warn", "off"] as const;
const BOM_FORMATS: Readonly<Record<string, readonly BomFormat[]>> = {
  cyclonedx: ["cyclonedx"],
  spdx: ["spdx"],
  both: ["cyclonedx", "spdx"],
  none: [],
};

/** What was chosen of the audit before a build. */
export function chosenAudit(chosen: readonly ChosenSetting[]): AuditRequest {
  return auditRequest({
    policy: chosenText(chosen, "audit"),
    database: chosenText(chosen, "advisory_db"),
    rules: chosenText(chosen, "audit_rules"),
  });
}

/**
 * What was chosen of the bills of materials of a build; `told` are documents about programs that are there already, each
 * `PLATFORM=PATH`. The error is one of the command line.
 */
export function chosenBom(
  chosen: readonly ChosenSetting[],
  told: readonly string[],
): Result<BomRequest, string> {
  const formats = BOM_FORMATS[chosenText(chosen, "sbom") ?? ""] ?? [];
  const folder = chosen.find(({ key }) => key === "sbom_dir");
  const isAsked = told.length > 0 || folder?.source.startsWith("--") === true;
  if (formats.length === 0 && isAsked) {
    return err("--sbom none goes with neither --sbom-dir nor --sbom-file: there would be nothing to write");
  }
  const wrong = told.find((text) => text.indexOf("=") < 1);
  if (wrong !== undefined) return err(`Cannot use "${wrong}" for --sbom-file: wanted PLATFORM=PATH`);
  return ok({
    formats,
    folder: formats.length === 0 ? undefined : folder?.texts[0],
    told: told.map((text) => ({
      platform: text.slice(0, text.indexOf("=")),
      path: text.slice(text.indexOf("=") + 1),
    })),
  });
}

/** Puts what a command line says of an audit together. */
export function imageAudit(place: string, texts: AuditTexts): ImageAudit {
  return { place, ...layoutPlace(place), ...auditRequest(texts) };
}

/** Puts together which bill of materials a command line asks for. */
export function bomQuestion(
  place: string,
  { format, platform }: { readonly format: string | undefined; readonly platform: string | undefined },
): BomQuestion {
  return { place, ...layoutPlace(place), platform, format: format === "spdx" ? "spdx" : "cyclonedx" };
}

/** Nobody lets other policies through. */
function auditRequest({ policy, ...rest }: AuditTexts): AuditRequest {
  return { ...rest, policy: POLICIES.find((each) => each === policy) };
}
