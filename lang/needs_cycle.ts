import { tokenExtent } from "./expand_findings.ts";
import type { ResourceGroup } from "./expand_resource.ts";
import type { ExpandWork } from "./expand_scope.ts";
import type { ResolvedGroup } from "./needs_resolve.ts";

/**
 * Reports cycles of needs, each resource in one report at most, with the whole way: `a.x -> b.x -> a.x`. It looks at groups,
 * not at instances: all instances of one resource need the same, so a cycle of groups is one of instances too.
 */
export function reportCycles(work: ExpandWork, resolved: readonly ResolvedGroup[]): void {
  const needed = new Map(resolved.map((each) => [each.group, each.neededGroups] as const));
  const done = new Set<ResourceGroup>();
  const reported = new Set<ResourceGroup>();
  for (const { group, neededGroups } of resolved) {
    // So it is for all, where what is needed stands before what needs it.
    if (neededGroups.every((target) => done.has(target))) {
      done.add(group);
      continue;
    }
    for (const cycle of cyclesFrom(group, needed, done)) {
      if (cycle.some((each) => reported.has(each))) continue;
      cycle.forEach((each) => reported.add(each));
      reportCycle(work, cycle);
    }
  }
}

/** One step of the walk: a group, and which of its needs comes next. */
interface Step {
  readonly group: ResourceGroup;
  next: number;
}

/** Walks depth first, without recursion: a chain of needs may be as long as the project. */
function* cyclesFrom(
  start: ResourceGroup,
  needed: ReadonlyMap<ResourceGroup, readonly ResourceGroup[]>,
  done: Set<ResourceGroup>,
): Iterable<readonly ResourceGroup[]> {
  if (done.has(start)) return;
  const way: Step[] = [{ group: start, next: 0 }];
  const onWay = new Map<ResourceGroup, number>([[start, 0]]);
  for (let step = way.at(-1); step !== undefined; step = way.at(-1)) {
    const target = needed.get(step.group)?.[step.next++];
    if (target === undefined) {
      way.pop();
      onWay.delete(step.group);
      done.add(step.group);
      continue;
    }
    const position = onWay.get(target);
    if (position !== undefined) yield way.slice(position).map((each) => each.group);
    else if (!done.has(target) && target.drafts.length > 0) {
      onWay.set(target, way.length);
      way.push({ group: target, next: 0 });
    }
  }
}

function reportCycle(work: ExpandWork, cycle: readonly ResourceGroup[]): void {
  const [first] = cycle;
  if (first === undefined || cycle.some((group) => group.drafts.length === 0)) return;
  const names = [...cycle, first].map((group) => group.base);
  const { placed } = first;
  work.findings.report(placed.scope.tree, tokenExtent(placed.node.name), {
    code: "E-CYCLE",
    message: `Break the cycle of needs: ${names.join(" -> ")}`,
  });
}
