import { invariant } from "./invariant.ts";
import type { Plan } from "./plan.ts";
import type { Step } from "./steps.ts";

/** A step that will not start, and the address whose failure is the reason. */
export interface SkippedStep {
  readonly step: Step;
  readonly because: string;
}

interface Node {
  readonly step: Step;
  /** Its place in the order of the plan. */
  readonly index: number;
  /** Steps that wait for this one. */
  readonly dependents: Node[];
  /** How many of `after` have not settled yet. */
  waitCount: number;
  /** Steps on the longest way from here to an end, itself counted. */
  pathLength: number;
  status: "waiting" | "ready" | "running" | "settled" | "skipped";
}

/**
 * The order of a run. A step is ready once all that it comes after have settled well; of the ready ones the longest remaining
 * path goes first, then the lower tier, then the order of the plan. What depends on a failure is skipped; in a `destroy` a
 * failure also stops every later tier. Mutable: the run that made it owns it. Each call costs what it changes.
 */
export class Schedule {
  readonly #nodes = new Map<string, Node>();
  readonly #command: Plan["command"];
  readonly #ready: Node[] = [];
  #unsettledCount: number;
  #lastTier = Infinity;

  constructor(steps: readonly Step[], command: Plan["command"]) {
    this.#command = command;
    this.#unsettledCount = steps.length;
    for (const step of steps) {
      invariant(!this.#nodes.has(step.id), `Two steps have the id "${step.id}"`);
      const index = this.#nodes.size;
      this.#nodes.set(step.id, {
        step,
        index,
        dependents: [],
        waitCount: 0,
        pathLength: 1,
        status: "waiting",
      });
    }
    this.#link();
    this.#measurePaths();
    for (const node of this.#nodes.values()) if (node.waitCount === 0) this.#makeReady(node);
  }

  /** Steps that have neither settled nor been skipped, those in flight included. */
  get unsettledCount(): number {
    return this.#unsettledCount;
  }

  /** The next step to start, which now counts as running; `undefined` when none is ready. */
  next(): Step | undefined {
    for (let node = popHeap(this.#ready); node !== undefined; node = popHeap(this.#ready)) {
      if (node.status !== "ready") continue;
      node.status = "running";
      return node.step;
    }
    return undefined;
  }

  /** Settles a running step, and returns those that can no longer start. */
  settle(stepId: string, outcome: "well" | "badly"): readonly SkippedStep[] {
    const node = this.#node(stepId);
    invariant(node.status === "running", `The step "${stepId}" has settled before`);
    node.status = "settled";
    this.#unsettledCount--;
    if (outcome === "badly") return this.#skipAfter(node);
    for (const dependent of node.dependents) {
      dependent.waitCount--;
      if (dependent.waitCount === 0 && dependent.status === "waiting") this.#makeReady(dependent);
    }
    return [];
  }

  /** Gives up all that has not started, and returns it. */
  giveUp(): readonly Step[] {
    const left: Step[] = [];
    for (const node of this.#nodes.values()) {
      if (node.status === "waiting" || node.status === "ready") {
        this.#skip(node);
        left.push(node.step);
      }
    }
    return left;
  }

  #skipAfter(failure: Node): readonly SkippedStep[] {
    const because = failure.step.address;
    const skipped: SkippedStep[] = [];
    const open = failure.dependents.slice();
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      if (node.status !== "waiting" && node.status !== "ready") continue;
      this.#skip(node);
      skipped.push({ step: node.step, because });
      for (const dependent of node.dependents) open.push(dependent);
    }
    if (this.#command === "destroy") this.#stopLaterTiers(failure, skipped);
    return skipped;
  }

  #stopLaterTiers(failure: Node, skipped: SkippedStep[]): void {
    if (failure.step.tier >= this.#lastTier) return;
    this.#lastTier = failure.step.tier;
    for (const node of this.#nodes.values()) {
      if (node.step.tier <= this.#lastTier || (node.status !== "waiting" && node.status !== "ready")) {
        continue;
      }
      this.#skip(node);
      skipped.push({ step: node.step, because: failure.step.address });
    }
  }

  #skip(node: Node): void {
    node.status = "skipped";
    this.#unsettledCount--;
  }

  #makeReady(node: Node): void {
    node.status = "ready";
    pushHeap(this.#ready, node);
  }

  #link(): void {
    for (const node of this.#nodes.values()) {
      for (const id of node.step.after) {
        this.#node(id).dependents.push(node);
        node.waitCount++;
      }
    }
  }

  /** Walks from the ends to the starts; a step that is never reached stands on a cycle. */
  #measurePaths(): void {
    const openCounts = new Map<Node, number>();
    const ends: Node[] = [];
    for (const node of this.#nodes.values()) {
      openCounts.set(node, node.dependents.length);
      if (node.dependents.length === 0) ends.push(node);
    }
    let seenCount = 0;
    for (let node = ends.pop(); node !== undefined; node = ends.pop()) {
      seenCount++;
      for (const id of node.step.after) {
        const before = this.#node(id);
        before.pathLength = Math.max(before.pathLength, node.pathLength + 1);
        const left = (openCounts.get(before) ?? 0) - 1;
        openCounts.set(before, left);
        if (left === 0) ends.push(before);
      }
    }
    invariant(seenCount === this.#nodes.size, "The steps of a run wait for each other");
  }

  #node(stepId: string): Node {
    const node = this.#nodes.get(stepId);
    invariant(node !== undefined, `There is no step "${stepId}"`);
    return node;
  }
}

/** Whether `a` starts before `b`. */
function goesFirst(a: Node, b: Node): boolean {
  if (a.pathLength !== b.pathLength) return a.pathLength > b.pathLength;
  return a.step.tier === b.step.tier ? a.index < b.index : a.step.tier < b.step.tier;
}

/** A binary heap in an array, the first at index 0. */
function pushHeap(heap: Node[], node: Node): void {
  let index = heap.length;
  heap.push(node);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || !goesFirst(node, parent)) return;
    heap[index] = parent;
    heap[parentIndex] = node;
    index = parentIndex;
  }
}

function popHeap(heap: Node[]): Node | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || first === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    const childIndex = firstChild(heap, index);
    const child = heap[childIndex];
    if (child === undefined || !goesFirst(child, last)) break;
    heap[index] = child;
    index = childIndex;
  }
  heap[index] = last;
  return first;
}

function firstChild(heap: readonly Node[], index: number): number {
  const left = heap[2 * index + 1];
  const right = heap[2 * index + 2];
  return left !== undefined && right !== undefined && goesFirst(right, left) ? 2 * index + 2 : 2 * index + 1;
}
