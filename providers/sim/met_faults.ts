import { canonicalJson } from "../../engine/canonical_json.ts";
import type { CallFailure } from "../../engine/call_failure.ts";
import { err, ok, type Result } from "../../engine/result.ts";
import { isRecord, isSpecial, someValue, type Value, type ValueRecord } from "../../engine/value.ts";
import { encodeValue } from "../../engine/value_codec.ts";
import type { CloudStore } from "./cloud_store.ts";
import type { FaultEffect, FaultRule, Operation } from "./fault_rule.ts";
import { parseFaults } from "./parse_faults.ts";

/** A call, as fault rules see it. */
export interface CallSubject {
  readonly operation: Operation;
  /** Empty for `identity`. */
  readonly type: string;
  readonly id: string | undefined;
  /** The fields that the call carries: wanted ones, or those applied last. */
  readonly fields: ValueRecord;
}

/** What all the rules that a call meets do to it together. */
export interface MetFaults {
  readonly latencyMs: number;
  readonly lagMs: number;
  /** The first of the others. */
  readonly effect: Exclude<FaultEffect, { readonly kind: "latency" | "lag" }> | undefined;
}

const NO_FAULTS: MetFaults = { latencyMs: 0, lagMs: 0, effect: undefined };

/**
 * Finds what `text`, the rules in force now, does to a call, and counts the call under each counting rule that it
 * matches. Rules that cannot be read fail the call: they are never ignored.
 */
export async function meetFaults(
  text: string | undefined,
  subject: CallSubject,
  count: { readonly store: CloudStore; readonly now: number; readonly signal: AbortSignal },
): Promise<Result<MetFaults, CallFailure>> {
  if (text === undefined || text.trim() === "") return ok(NO_FAULTS);
  const rules = parseFaults(text);
  if (!rules.ok) {
    const message = `Cannot use the faults of the sim cloud: ${rules.error}`;
    return err({ kind: "InvalidConfig", retry: "never", certainty: "notDone", message });
  }
  const matching = rules.value.filter((rule) => isMet(rule, subject));
  if (!matching.some((rule) => rule.span !== undefined)) return ok(combine(matching));
  const active = await count.store.transact(({ cloud, append }) =>
    matching.filter((rule) => {
      if (rule.span === undefined) return true;
      append({ fact: "FaultMet", at: count.now, rule: rule.key });
      const met = cloud.faultCounts.get(rule.key) ?? 0;
      return met >= rule.span.first && met <= rule.span.last;
    }), count.signal);
  return active.ok ? ok(combine(active.value)) : active;
}

function combine(rules: readonly FaultRule[]): MetFaults {
  let met = NO_FAULTS;
  for (const { effect } of rules) {
    if (effect.kind === "latency") met = { ...met, latencyMs: met.latencyMs + effect.ms };
    else if (effect.kind === "lag") met = { ...met, lagMs: Math.max(met.lagMs, effect.ms) };
    else met = { ...met, effect: met.effect ?? effect };
  }
  return met;
}

function isMet(rule: FaultRule, subject: CallSubject): boolean {
  if (rule.operation !== "*" && rule.operation !== subject.operation) return false;
  if (rule.type !== undefined && rule.type !== subject.type) return false;
  return [...rule.match].every(([path, wanted]) => {
    if (path === "id") return subject.id === wanted;
    const found = valueAt(subject.fields, path);
    return found !== undefined && !someValue(found, isSpecial) &&
      canonicalJson(encodeValue(found)) === canonicalJson(wanted);
  });
}

/** A secret matches nothing, so that a rule cannot ask for one. */
function valueAt(fields: ValueRecord, path: string): Value | undefined {
  const dot = path.indexOf(".");
  if (dot < 0) return fields[path];
  const section = fields[path.slice(0, dot)];
  return isRecord(section) ? section[path.slice(dot + 1)] : undefined;
}
