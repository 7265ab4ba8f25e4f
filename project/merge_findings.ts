import type { Diagnostic } from "../lang/diagnostic.ts";

/**
 * The findings of several environments as one list, in the order in which they were found: what was found in all of them
 * once, what was found in some with their names.
 */
export function mergeFindings(
  found: ReadonlyMap<string, readonly Diagnostic[]>,
): readonly Diagnostic[] {
  const merged = new Map<string, { readonly shown: Diagnostic; readonly environments: string[] }>();
  for (const [environment, diagnostics] of found) {
    for (const shown of diagnostics) {
      const key = `${shown.file}:${shown.span.start}:${shown.code}:${shown.message}`;
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { shown, environments: [environment] });
      else if (!known.environments.includes(environment)) known.environments.push(environment);
    }
  }
  return [...merged.values()].map(({ shown, environments }) =>
    environments.length === found.size ? shown : { ...shown, environments }
  );
}
