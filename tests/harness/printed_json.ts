import { ok } from "node:assert/strict";
import { isJsonObject, type Json, type JsonObject } from "../../engine/json.ts";

/** One resource of `plan --json`, as far as tests read it. */
export interface PrintedResource {
  readonly address: string;
  readonly type: string;
  readonly action: string;
  readonly tier: number;
  readonly changes: readonly {
    readonly path: string;
    readonly before?: Json;
    readonly after?: Json;
  }[];
  readonly reasons: readonly string[];
}

/** One result of `apply --json` or `destroy --json`, as far as tests read it. */
export interface PrintedResult {
  readonly address: string;
  readonly operation: string;
  readonly outcome: string;
  readonly because?: string;
  /** Of what lives now; absent where nothing does. */
  readonly id?: string;
}

/** The one object that a command printed. */
export function printedObject(stdout: string): JsonObject {
  const json: Json = JSON.parse(stdout);
  ok(isJsonObject(json));
  return json;
}

/** The resources of a printed plan, in its order. */
export function printedPlan(stdout: string): readonly PrintedResource[] {
  const plan: { readonly resources: readonly PrintedResource[] } = JSON.parse(stdout);
  return plan.resources;
}

/** The results of a printed run, in its order. */
export function printedResults(stdout: string): readonly PrintedResult[] {
  const run: { readonly results: readonly PrintedResult[] } = JSON.parse(stdout);
  return run.results;
}
