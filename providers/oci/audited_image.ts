import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { record, type Value } from "../../engine/value.ts";
import type { AuditFacts } from "../image_contents.ts";
import type { ImageTools } from "../image_tools.ts";
import { refusal } from "./audit_gate.ts";
import { imageFailure } from "./image_failure.ts";
import { type ImageWish, repositoryText } from "./image_fields.ts";
import type { LayoutImage } from "./layout_base.ts";

/**
 * Holds what an image is made of against the advisories, though it may have been built long ago: what is refused is not sent.
 * Gives what is told of it.
 */
export async function auditedImage(
  { tools }: { readonly tools: Pick<ImageTools, "audit"> },
  { layout: { folder: layout } }: LayoutImage,
  { build: { audit }, repository }: ImageWish,
): Promise<Result<Value, CallFailure>> {
  const report = await tools.audit({ ...audit, place: layout, layout, tag: undefined });
  if (!report.ok) return err(imageFailure(report.error, "notDone"));
  return report.value.outcome === "refused"
    ? err(imageFailure(refusal(`Cannot send to "${repositoryText(repository)}"`, report.value), "notDone"))
    : ok(auditValue(report.value));
}

function auditValue({ checkedCount, database, findings, policy, unchecked }: AuditFacts): Value {
  if (database === undefined) return record([["policy", policy], ["checked", 0]]);
  const count = (effect: string) => findings.filter((each) => each.effect === effect).length;
  return record([
    ["policy", policy],
    ["database", database.digest],
    ["database_date", database.date ?? null],
    ["advisories", database.advisoryCount],
    ["checked", checkedCount],
    ["unchecked", unchecked.length],
    ["warned", count("warned")],
    ["ignored", count("ignored")],
  ]);
}
