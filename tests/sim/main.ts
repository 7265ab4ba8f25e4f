/** `deno task sim SEED` shows one seed; `deno task sim --seeds N --from S` runs many. Exits with 1 when one fails. */
import { failureText, runSeed, shrink } from "./shrink.ts";

Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<number> {
  const { from, count } = seedsOf(args);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(count)) {
    return say("Cannot read the arguments: give SEED, or --seeds N and --from S", 64);
  }
  let failedCount = 0;
  let faultCount = 0;
  for (let seed = from; seed < from + count; seed++) {
    const result = await runSeed(seed);
    faultCount += result.faults.length;
    if (result.violations.length > 0) {
      failedCount++;
      say(failureText(seed, await shrink(seed)), 1);
    } else if (count === 1) say(result.history.join("\n"), 0);
  }
  return say(`sim: ${count} seeds, ${faultCount} faults, ${failedCount} failed`, failedCount === 0 ? 0 : 1);
}

function seedsOf(args: readonly string[]): { readonly from: number; readonly count: number } {
  const [first = ""] = args;
  if (args.length === 1 && first.startsWith("-") === first.startsWith("--seeds")) {
    return { from: Number(first), count: 1 };
  }
  const valueOf = (name: string, other: number) => {
    const at = args.indexOf(name);
    return at < 0 ? other : Number(args[at + 1]);
  };
  return { from: valueOf("--from", 1), count: valueOf("--seeds", 1_000) };
}

function say(text: string, exitCode: number): number {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
  return exitCode;
}
