import type { ScopeRequest } from "../project/prepare_plan.ts";
import type { CommandInput, OptionSpec } from "./command_spec.ts";

/** The options that say which part of a plan is meant. */
export const SCOPE_OPTIONS: readonly OptionSpec[] = [
  {
    name: "target",
    summary: "only this resource and what it needs; a template means all instances; may be repeated",
    value: "address",
    repeatable: true,
  },
  {
    name: "exclude",
    summary: "not this resource, nor what cannot be done without it; may be repeated",
    value: "address",
    repeatable: true,
  },
  {
    name: "replace",
    summary: "replace this resource though nothing of it has changed; may be repeated",
    value: "address",
    repeatable: true,
  },
];

/** What a command line says of the scope; `undefined` when it says nothing. */
export function scopeRequest(input: CommandInput): { readonly scope?: ScopeRequest } {
  const [targets, excludes, replaces] = [
    input.texts("target"),
    input.texts("exclude"),
    input.texts("replace"),
  ];
  return targets.length + excludes.length + replaces.length === 0
    ? {}
    : { scope: { targets, excludes, replaces } };
}
