/**
 * `deno task fuzz` holds 1,000,000 generated files against the laws of the language; `--count N --seed S` takes N seeds
 * from S on, and a single seed shows its input. Exits with 1 when one fails.
 */
import { failureText, fuzz } from "./fuzz.ts";
import { fuzzInput } from "./fuzz_input.ts";

const DEFAULT_COUNT = 1_000_000;
const FAILURE_LIMIT = 20;

Deno.exit(main(Deno.args));

function main(args: readonly string[]): number {
  const [count, seed] = [option(args, "--count", DEFAULT_COUNT), option(args, "--seed", 1)];
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(seed) || args.length % 2 !== 0) {
    say("Cannot read the arguments: give --count N and --seed S");
    return 64;
  }
  if (count === 1) say(fuzzInput(seed));
  const startMs = performance.now();
  const { failures, inputCount, characterCount, slowest } = fuzz({
    seed,
    count,
    failureLimit: FAILURE_LIMIT,
  });
  const seconds = (performance.now() - startMs) / 1000;
  for (const each of failures) say(failureText(each));
  const size = `${(characterCount / 1e6).toFixed(1)} million characters`;
  const speed = `${seconds.toFixed(1)} s, ${(inputCount / seconds).toFixed(0)} a second`;
  const slow = `the slowest took ${slowest.elapsedMs.toFixed(0)} ms (seed ${slowest.seed})`;
  say(`fuzz: ${inputCount} inputs from seed ${seed}, ${size}, ${speed}, ${slow}, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

function option(args: readonly string[], name: string, fallback: number): number {
  const at = args.indexOf(name);
  return at === -1 ? fallback : Number(args[at + 1]);
}

function say(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}
