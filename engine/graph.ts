import { compareText } from "./text_order.ts";

/** What each node relies on. Targets that are not nodes themselves are passed over. */
export type Edges = ReadonlyMap<string, readonly string[]>;

/** Nodes in an order in which each follows what it relies on, and the depth of each. */
export interface Ordering {
  /** By tier, then by address in code-point order. */
  readonly order: readonly string[];
  /** 0 for a node that relies on nothing; else one more than the deepest that it relies on. */
  readonly tiers: ReadonlyMap<string, number>;
  /** A path along edges that comes back to its start, when there is one; nodes on cycles are missing from the rest. */
  readonly cycle: readonly string[] | undefined;
}

/** Sorts the graph by depth. Linear in nodes and edges, but for the sorting of the result; needs no stack. */
export function orderGraph(edges: Edges): Ordering {
  const waiting = new Map<string, number>();
  const dependents = new Map<string, string[]>();
  const tiers = new Map<string, number>();
  const order: string[] = [];
  let ready: string[] = [];
  for (const [node, targets] of edges) {
    const known = targets.length === 0 ? NOTHING : new Set(targets.filter((target) => edges.has(target)));
    for (const target of known) push(dependents, target, node);
    waiting.set(node, known.size);
    if (known.size === 0) ready.push(node);
  }
  for (let tier = 0; ready.length > 0; tier++) {
    const next: string[] = [];
    for (const node of ready.sort(compareText)) {
      tiers.set(node, tier);
      order.push(node);
      for (const dependent of dependents.get(node) ?? []) {
        const left = (waiting.get(dependent) ?? 0) - 1;
        waiting.set(dependent, left);
        if (left === 0) next.push(dependent);
      }
    }
    ready = next;
  }
  return { order, tiers, cycle: tiers.size === edges.size ? undefined : findCycle(edges, tiers) };
}

const NOTHING: ReadonlySet<string> = new Set();

/** Turns every edge round. */
export function reverseEdges(edges: Edges): Map<string, string[]> {
  const reversed = new Map<string, string[]>();
  for (const node of edges.keys()) reversed.set(node, []);
  for (const [node, targets] of edges) {
    for (const target of new Set(targets)) reversed.get(target)?.push(node);
  }
  return reversed;
}

/**
 * Walks from a node that never became ready: each such node relies on another such node, so the walk must close. The same
 * graph gives the same circle from the same node, in whatever order it was built.
 */
function findCycle(edges: Edges, settled: ReadonlyMap<string, number>): readonly string[] {
  const path: string[] = [];
  const seenAt = new Map<string, number>();
  let node = least([...edges.keys()].filter((each) => !settled.has(each)));
  while (node !== undefined && !seenAt.has(node)) {
    seenAt.set(node, path.length);
    path.push(node);
    node = least((edges.get(node) ?? []).filter((target) => edges.has(target) && !settled.has(target)));
  }
  const circle = node === undefined ? path : path.slice(seenAt.get(node));
  const first = least(circle);
  if (first === undefined) return circle;
  const at = circle.indexOf(first);
  return [...circle.slice(at), ...circle.slice(0, at), first];
}

function least(nodes: readonly string[]): string | undefined {
  return nodes.reduce<string | undefined>(
    (known, each) => known === undefined || compareText(each, known) < 0 ? each : known,
    undefined,
  );
}

function push(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
