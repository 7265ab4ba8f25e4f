import type { Result } from "../engine/result.ts";
import type { ValueRecord } from "../engine/value.ts";

/**
 * Looks, before a plan is made, at what resources are made of beside their fields: files and tools of this machine. It runs
 * nothing that changes anything, and asks no provider.
 */
export interface Surveyor {
  /** Looks at all wanted resources of one type at once. */
  survey(
    requests: readonly SurveyRequest[],
    signal: AbortSignal,
  ): Promise<Result<readonly Survey[], SurveyFault>>;
}

/** One wanted resource. */
export interface SurveyRequest {
  readonly address: string;
  /** As wanted, without what others give. */
  readonly fields: ValueRecord;
  /** Places that others give a value to, as `field` or `section.field`. */
  readonly bound: readonly string[];
  /** As sent last; `undefined` when there was nothing. */
  readonly applied: ValueRecord | undefined;
}

/** What was found, in the order of the requests. */
export interface Survey {
  /** The fields of the section that the schema calls `surveyed`. */
  readonly found: ValueRecord;
  /** How it differs from what was found before, for people: `source: 1 file (src/main.rs)`. */
  readonly reasons: readonly string[];
}

/** Why nothing can be said of a resource. */
export interface SurveyFault {
  readonly kind: "config" | "permission" | "damage" | "store";
  readonly address: string;
  /** Sentence case, no full stop. */
  readonly message: string;
  readonly hint?: string;
  readonly details?: readonly string[];
}
