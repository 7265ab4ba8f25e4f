import { ok, strictEqual } from "node:assert/strict";
import { SeededRandom } from "../support/seeded_random.ts";
import { SMOOTH } from "../support/toy_cloud.ts";
import { openLab, ToyEngine } from "../support/toy_engine.ts";
import type { ToyResource, ToyStack } from "../support/toy_plan.ts";

const SEEDS = 20;
const RESOURCES = 200;
const PARALLELISM = 10;
/** Fields that can take what another resource gives. */
const BINDABLE = ["parent", "zone", "name"];

interface Graph {
  readonly stack: ToyStack;
  /** By the place of the resource. */
  readonly latenciesMs: readonly number[];
  /** What no order can be quicker than: the longest chain, or all the work by so many hands. */
  readonly boundMs: number;
}

/** Resources that each need 0 to 3 earlier ones, whose creation takes 20 to 200 ms. */
function makeGraph(seed: number): Graph {
  const random = new SeededRandom(seed);
  const stack: Record<string, ToyResource> = {};
  const latenciesMs: number[] = [];
  const endsMs: number[] = [];
  for (let nth = 0; nth < RESOURCES; nth++) {
    const count = nth === 0 ? 0 : random.below(BINDABLE.length + 1);
    const targets = [...new Set(Array.from({ length: count }, () => random.below(nth)))];
    const latencyMs = 20 + random.below(181);
    latenciesMs.push(latencyMs);
    endsMs.push(latencyMs + Math.max(0, ...targets.map((each) => endsMs[each] ?? 0)));
    const needs = targets.map((each, index) => [BINDABLE[index] ?? "", `r.n${each}.id`] as const);
    stack[`r.n${nth}`] = { type: "toy.Token", fields: { size: nth }, needs: Object.fromEntries(needs) };
  }
  const totalMs = latenciesMs.reduce((sum, each) => sum + each, 0);
  return { stack, latenciesMs, boundMs: Math.max(totalMs / PARALLELISM, ...endsMs) };
}

/** Applies the graph with the real run actor on a virtual clock, and says how long it took, against the bound. */
async function measure(seed: number): Promise<number> {
  const { stack, latenciesMs, boundMs } = makeGraph(seed);
  const lab = await openLab(seed);
  const engine = await ToyEngine.open(lab);
  let calledMs = 0;
  lab.cloud.onCall = ({ fields }) => {
    calledMs = latenciesMs[Number(fields["size"])] ?? NaN;
  };
  lab.cloud.fate = () => ({ ...SMOOTH, commitMs: calledMs });
  const startedMs = lab.clock.monotonicMs();
  const result = await engine.apply(stack);
  ok(result.kind === "ended");
  strictEqual(result.end, "succeeded");
  strictEqual(lab.cloud.alive.length, RESOURCES);
  return (lab.clock.monotonicMs() - startedMs) / boundMs;
}

Deno.test(`a run of ${RESOURCES} resources, whose durations it does not know, takes 1.06 of the least time in the median and 1.10 at worst`, async () => {
  const ratios: number[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) ratios.push(await measure(seed));
  ratios.sort((a, b) => a - b);
  const median = ((ratios[SEEDS / 2 - 1] ?? NaN) + (ratios[SEEDS / 2] ?? NaN)) / 2;
  const worst = ratios.at(-1) ?? NaN;
  ok((ratios[0] ?? NaN) >= 1, "nothing is quicker than the bound");
  ok(median <= 1.06 && worst <= 1.1, `median ${median.toFixed(4)}, worst ${worst.toFixed(4)}`);
});
