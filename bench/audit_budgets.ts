import { type Budget, inProject, timed } from "./budget.ts";
import { growLog, type GrownSize } from "./grown_log.ts";
import { peakMegabytes } from "./peak_megabytes.ts";
import type { TestProject } from "../tests/harness/test_project.ts";

const VERIFY = ["audit", "verify"];
/** One apply that makes 33,333 resources, and applies that change 2,000 resources over and over. */
const WIDE: GrownSize = { resourceCount: 33_333, eventCount: 100_000 };
const LONG: GrownSize = { resourceCount: 2_000, eventCount: 100_000 };
const SHORT: GrownSize = { resourceCount: 2_000, eventCount: 20_000 };

/** Verifying logs of 100,000 events, from the first record on. */
export const AUDIT_BUDGETS: readonly Budget[] = [
  ...[WIDE, LONG].map((size): Budget => ({
    what: `audit verify of ${size.eventCount} events on ${size.resourceCount}`,
    limit: 2_000,
    unit: "ms",
    measure: () => onLog(size, (project) => timed(project, VERIFY)),
  })),
  {
    what: `audit verify, peak of memory`,
    limit: 260,
    unit: "MB",
    measure: () => onLog(WIDE, (project) => peakMegabytes(project, VERIFY)),
  },
  {
    what: `audit verify, memory for 5 times the events`,
    limit: 60,
    unit: "MB",
    // The resources are the same, so what more events take is what the collector has not come to yet.
    measure: async () => await peakOf(LONG) - await peakOf(SHORT),
  },
];

function peakOf(size: GrownSize): Promise<number> {
  return onLog(size, (project) => peakMegabytes(project, VERIFY));
}

async function onLog(size: GrownSize, work: (project: TestProject) => Promise<number>): Promise<number> {
  return await inProject(async (project) => {
    await project.expect(0, ["init"]);
    await growLog(project, size);
    return await work(project);
  });
}
