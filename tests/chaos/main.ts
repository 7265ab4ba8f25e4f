/** `deno run -A tests/chaos/main.ts SEED` shows one case; a second number runs so many from there. Exits with 1 when one fails. */
import { runChaos } from "./chaos_case.ts";
import { OsWork } from "./os_work.ts";

Deno.exit(await main(Deno.args.map(Number)));

async function main([from = 1, count = 1]: readonly number[]): Promise<number> {
  using work = new OsWork();
  let failedCount = 0;
  for (let seed = from; seed < from + count; seed++) {
    const { violations, history } = await runChaos(seed, work);
    if (violations.length > 0) failedCount++;
    if (violations.length === 0 && count > 1) continue;
    say([`seed ${seed}`, ...history, ...violations.map((each) => `! ${each}`)]);
  }
  say([`chaos: ${count} seeds, ${failedCount} failed`]);
  return failedCount === 0 ? 0 : 1;
}

function say(lines: readonly string[]): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${lines.join("\n")}\n`));
}
