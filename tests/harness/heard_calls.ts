import type { Operation } from "../../providers/sim/fault_rule.ts";
import type { TestProject } from "./test_project.ts";

/** A rule that changes nothing, but lets the sim cloud note each call of an operation in its journal, refused ones too. */
const NOTED = { nth: 1, times: 1_000_000, effect: { latency: 0 } };

/** What the sim cloud does wrong, as its file of faults says it. */
export type SimFault = Readonly<Record<string, unknown>>;

/** Lets the sim cloud of `project` note every call of `operation` from now on, beside having `faults`. */
export async function hearCalls(
  project: TestProject,
  operation: Operation | "*",
  faults: readonly SimFault[] = [],
): Promise<void> {
  await project.write(".smelt/sim/faults.json", JSON.stringify([{ operation, ...NOTED }, ...faults]));
}

/** How many calls it has noted. */
export async function heardCallCount(project: TestProject): Promise<number> {
  const lines = (await project.journal()).split("\n");
  return lines.filter((line) => line.includes('"fact":"FaultMet"') && line.includes("1000000")).length;
}
