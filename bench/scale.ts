/**
 * Measures smelt beside Terraform or OpenTofu on the same estate, in turn, and prints a table: the median of some tries, with
 * the least and the most. `deno task bench --sizes 1000,5000 --tries 3 --only smelt`; without sizes, those that both can do in
 * minutes and, for smelt alone, larger ones. Each try is a project of its own in a temporary folder.
 */
import { parseArgs } from "node:util";
import { VERSION } from "../project/version.ts";
import { findForeign, FOREIGN_PROGRAMS } from "../tools/needs.ts";
import { measureRun, measureWrites, type RunCost, type WriteCost } from "./measured_run.ts";
import { findTerraform, type ScaleTool, smeltTool } from "./scale_tool.ts";

/** Sizes that both tools are measured at. */
const SHARED_SIZES: readonly number[] = [1_000, 2_000, 5_000];
const OWN_SIZES: readonly number[] = [10_000, 50_000, 100_000];
/** Beyond it a traced run of Terraform, which writes its whole state over and over, takes hours. */
const TRACED_LIMIT = 2_000;

interface Row {
  readonly what: string;
  readonly costs: readonly RunCost[];
  readonly writes: WriteCost | undefined;
}

const { values } = parseArgs({
  options: {
    sizes: { type: "string" },
    tries: { type: "string", default: "5" },
    only: { type: "string", default: "" },
  },
});
const tries = Number(values.tries);
const asked = values.sizes?.split(",").map(Number);
const other = values.only === "smelt" ? undefined : await findTerraform();
const own = values.only === "terraform" ? undefined : smeltTool(VERSION);
const strace = findForeign(FOREIGN_PROGRAMS.find(({ name }) => name === "strace") ?? fail("strace is known"));

print(
  `${describeTool(own)}${describeTool(other)}${
    strace === undefined ? "strace is not here: no writes are counted\n" : ""
  }`,
);
for (const size of asked ?? [...SHARED_SIZES, ...OWN_SIZES]) {
  const isShared = asked !== undefined || SHARED_SIZES.includes(size);
  const tools = [own, isShared ? other : undefined].filter((each) => each !== undefined);
  const rows = await measureSize(tools, size);
  for (const tool of tools) printTable(`${tool.name}, ${size} resources`, rows.get(tool) ?? []);
}

/** Tries take turns, so that what else the machine does meets both tools. */
async function measureSize(
  tools: readonly ScaleTool[],
  size: number,
): Promise<ReadonlyMap<ScaleTool, readonly Row[]>> {
  const costs = new Map(tools.map((tool) => [tool, new Map<string, RunCost[]>()]));
  const writes = new Map(tools.map((tool) => [tool, new Map<string, WriteCost>()]));
  for (let attempt = 0; attempt < tries; attempt++) {
    for (const tool of tools) {
      await eachWork(tool, size, async (what, start) => {
        const known = costs.get(tool)?.get(what) ?? [];
        costs.get(tool)?.set(what, [...known, await measureRun(start)]);
      });
    }
  }
  for (const tool of tools) {
    if (strace === undefined || (tool.name !== "smelt" && size > TRACED_LIMIT)) continue;
    await eachWork(tool, size, async (what, start) => {
      writes.get(tool)?.set(what, await measureWrites(strace, start));
    });
  }
  return new Map(tools.map((tool) => [
    tool,
    [...costs.get(tool) ?? []].map(([what, each]) => ({
      what,
      costs: each,
      writes: writes.get(tool)?.get(what),
    })),
  ]));
}

/** Does all work of one try in a project that is made for it and goes with it. */
async function eachWork(
  tool: ScaleTool,
  size: number,
  run: (what: string, start: Parameters<typeof measureRun>[0]) => Promise<void>,
): Promise<void> {
  const base = await Deno.makeTempDir({ prefix: "smelt-bench-" });
  try {
    const folder = `${base}/project`;
    for (const each of [folder, `${folder}-state`]) await Deno.mkdir(each);
    const stack = tool.stack(size);
    for (const [name, text] of stack.files) await Deno.writeTextFile(`${folder}/${name}`, text);
    await measureRun(tool.prepare(folder));
    let changeCount = 0;
    for (const { what, start, changes } of tool.works(folder, size)) {
      if (changes) await Deno.writeTextFile(...changedFile(folder, stack.changed(++changeCount)));
      await run(what, start);
    }
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

function changedFile(folder: string, [name, text]: readonly [string, string]): [string, string] {
  return [`${folder}/${name}`, text];
}

function printTable(title: string, rows: readonly Row[]): void {
  print(`\n${title}\n`);
  print(`${cells(["", "wall", "least", "most", "CPU", "peak", "written", "syncs"])}\n`);
  for (const { what, costs, writes } of rows) {
    const walls = costs.map((each) => each.wallMs);
    print(`${
      cells([
        what,
        seconds(median(walls)),
        seconds(Math.min(...walls)),
        seconds(Math.max(...walls)),
        seconds(median(costs.map((each) => each.cpuMs))),
        `${Math.round(median(costs.map((each) => each.peakMegabytes)))} MB`,
        writes === undefined ? "-" : `${(writes.bytesWritten / 1e3).toFixed(1)} kB`,
        writes === undefined ? "-" : String(writes.syncCount),
      ])
    }\n`);
  }
}

function cells(texts: readonly string[]): string {
  return texts.map((text, index) => index === 0 ? text.padEnd(26) : text.padStart(11)).join("");
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

function describeTool(tool: ScaleTool | undefined): string {
  return tool === undefined ? "" : `${tool.name} ${tool.version}\n`;
}

function fail(message: string): never {
  throw new Error(message);
}

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
