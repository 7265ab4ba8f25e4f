import type { ImageRefusal } from "../project/prepare_image.ts";
import type { CliContext } from "./context.ts";
import { reportFailure } from "./report_failure.ts";
import { reportUsage } from "./report_usage.ts";

/** Says why an image cannot be built, as text or as JSON, and gives the exit code. */
export function reportRefusal(context: CliContext, refusal: ImageRefusal, format: "text" | "json"): number {
  return refusal.kind === "Usage"
    ? reportUsage(context, refusal, format)
    : reportFailure(context, refusal, format);
}
