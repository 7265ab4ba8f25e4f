import type { Problem } from "../engine/problem.ts";
import type { ResourceConfig } from "../engine/resource_config.ts";

/**
 * Problems, each once: what is wrong at one place of the files is wrong for every instance of a template, and for every use
 * of a component. The first stands for all of them and tells how many more there are.
 */
export function onceAPlace(
  problems: readonly Problem[],
  resources: readonly ResourceConfig[],
): readonly Problem[] {
  if (problems.length < 2) return problems;
  const addresses = new Set<string>(resources.map((each) => each.address));
  const first = new Map<string, { readonly problem: Problem; count: number }>();
  for (const problem of problems) {
    const key = placeKey(problem, addresses);
    const known = first.get(key);
    if (known === undefined) first.set(key, { problem, count: 1 });
    else known.count++;
  }
  return [...first.values()].map(({ problem, count }) => withCount(problem, count - 1));
}

/** Place, code and message, but for the addresses in it. */
function placeKey({ origin, code, message }: Problem, addresses: ReadonlySet<string>): string {
  const said = message.replace(/"[^"]*"/g, (quoted) => addresses.has(quoted.slice(1, -1)) ? '""' : quoted);
  return `${origin.file}:${origin.line}:${origin.column}:${code}:${said}`;
}

function withCount(problem: Problem, moreCount: number): Problem {
  if (moreCount === 0) return problem;
  const more = moreCount === 1 ? "1 more resource" : `${moreCount} more resources`;
  return { ...problem, message: `${problem.message}; the same for ${more}` };
}
