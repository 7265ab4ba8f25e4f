import type { SeededRandom } from "../support/seeded_random.ts";

/** The networks that the files want, each with subnets on it; the number is what its tags say. */
export type CrowdStack = ReadonlyMap<number, { readonly tag: number; readonly subnetCount: number }>;

const NETWORKS = 8;

/** Edits the files: most networks get other tags, some come or go, and some get more subnets or fewer. */
export function editCrowd(random: SeededRandom, stack: CrowdStack): CrowdStack {
  const edited = new Map(stack);
  for (let nth = 0; nth < NETWORKS; nth++) {
    const old = edited.get(nth);
    if (random.percent(15) && old !== undefined) edited.delete(nth);
    else if (old === undefined || random.percent(60)) {
      edited.set(nth, { tag: random.below(1_000), subnetCount: 1 + random.below(3) });
    }
  }
  return edited;
}

/** What one process is told to apply: nothing in particular, or a few addresses. */
export function targetsOf(random: SeededRandom, stack: CrowdStack): readonly string[] {
  if (random.percent(25)) return [];
  const addresses = [...stack].flatMap(([nth, { subnetCount }]) => [
    `net.n${nth}`,
    ...Array.from({ length: subnetCount }, (_, sub) => `sub.s${nth}-${sub}`),
  ]);
  return [...new Set(Array.from({ length: 1 + random.below(3) }, () => random.pick(addresses)))];
}

/** The files. */
export function crowdSource(stack: CrowdStack): string {
  return [...stack].map(([nth, { tag, subnetCount }]) =>
    `resource net "n${nth}" : sim.Network {
  name = "n${nth}"
  cidr = "10.${nth}.0.0/16"
  tags = { round = "${tag}" }
}
${Array.from({ length: subnetCount }, (_, sub) => subnetSource(nth, sub, tag)).join("")}`
  ).join("");
}

function subnetSource(nth: number, sub: number, tag: number): string {
  return `resource sub "s${nth}-${sub}" : sim.Subnet {
  needs net.n${nth} -> network_id
  name = "s${nth}-${sub}"
  cidr = "10.${nth}.${sub}.0/24"
  tags = { round = "${tag}" }
}
`;
}

/** What must live, in the words of the cloud's own summary, sorted. */
export function wantedNames(stack: CrowdStack): readonly string[] {
  return [...stack].flatMap(([nth, { subnetCount }]) => [
    `sim.Network n${nth}`,
    ...Array.from({ length: subnetCount }, (_, sub) => `sim.Subnet s${nth}-${sub}`),
  ]).sort();
}
