/** Tests that run together, in one process with one set of permissions. */
export interface TestGroup {
  readonly name: "core" | "edges" | "simulation" | "whole program" | "speed";
  readonly files: readonly string[];
}

/**
 * Sorts every `_test.ts` file of the project into one group, so that none is forgotten.
 *   core           `engine/` and `lang/`, run with no permission at all
 *   edges          what stands beside its source in the other folders
 *   simulation     `tests/sim/`
 *   whole program  the rest of `tests/`
 *   speed          `_speed_test.ts`, which measures time and so runs alone
 */
export function testGroups(paths: readonly string[]): readonly TestGroup[] {
  const files = Map.groupBy(paths.filter((path) => path.endsWith("_test.ts")), groupName);
  const names: readonly TestGroup["name"][] = ["core", "edges", "simulation", "whole program", "speed"];
  return names.map((name) => ({ name, files: files.get(name) ?? [] }));
}

function groupName(path: string): TestGroup["name"] {
  if (path.endsWith("_speed_test.ts")) return "speed";
  if (/^(?:engine|lang)\//.test(path)) return "core";
  if (path.startsWith("tests/sim/")) return "simulation";
  return path.startsWith("tests/") ? "whole program" : "edges";
}
