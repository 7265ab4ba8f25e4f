import type { ArgSpec } from "./command_spec.ts";

/** An argument as usage lines show it: `<address>`, `[env]` or `[files...]`. */
export function argText({ name, arity }: ArgSpec): string {
  if (arity === "required") return `<${name}>`;
  return arity === "any" ? `[${name}...]` : `[${name}]`;
}
