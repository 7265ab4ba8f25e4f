import { runChaos } from "./chaos/chaos_case.ts";
import { OsWork } from "./chaos/os_work.ts";

/** Cases of one test; each is another seed. */
const SEEDS = 30;

Deno.test(`random stacks under random faults end as the files want, on ${SEEDS} seeds`, async () => {
  using work = new OsWork();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violations, history } = await runChaos(seed, work);
    if (violations.length > 0) {
      throw new Error([`deno run -A tests/chaos/main.ts ${seed}`, ...violations, ...history].join("\n"));
    }
  }
});
