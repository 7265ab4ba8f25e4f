/** Many generated files, each held against all laws of the language. A seed is one file, so a failure can be run again. */
import { checkText } from "../../lang/syntax_law.ts";
import { fuzzInput } from "./fuzz_input.ts";
import { shrinkText } from "./shrink_text.ts";

/** No input may take longer: a millisecond is usual. */
const LIMIT_MS = 1_000;

/** What is asked of an input: it throws when a law does not hold. */
export type Check = (text: string) => void;

/** An input that fails. */
export interface FuzzFailure {
  readonly seed: number;
  readonly reason: string;
  /** The input, as short as it can be and fail for the same reason. */
  readonly text: string;
}

/** How a range of seeds went. */
export interface FuzzResult {
  readonly failures: readonly FuzzFailure[];
  /** Fewer than were asked for when there were too many failures. */
  readonly inputCount: number;
  readonly characterCount: number;
  /** The seed that took longest. */
  readonly slowest: { readonly seed: number; readonly elapsedMs: number };
}

/** Runs `count` seeds from `seed` on. Stops after `failureLimit` failures. */
export function fuzz(
  range: { readonly seed: number; readonly count: number; readonly failureLimit: number },
  check: Check = checkText,
): FuzzResult {
  const failures: FuzzFailure[] = [];
  let [inputCount, characterCount] = [0, 0];
  let slowest = { seed: range.seed, elapsedMs: 0 };
  for (let seed = range.seed; seed < range.seed + range.count; seed++) {
    const text = fuzzInput(seed);
    inputCount++;
    characterCount += text.length;
    const startMs = performance.now();
    const reason = failureOf(text, check);
    const elapsedMs = performance.now() - startMs;
    if (elapsedMs > slowest.elapsedMs) slowest = { seed, elapsedMs };
    if (reason === undefined) continue;
    failures.push({ seed, reason, text: shrinkText(text, (each) => failureOf(each, check) === reason) });
    if (failures.length >= range.failureLimit) break;
  }
  return { failures, inputCount, characterCount, slowest };
}

/** Why an input fails. A slow one gets a second chance, since the machine may have paused. */
function failureOf(text: string, check: Check): string | undefined {
  for (const _ of [1, 2]) {
    const startMs = performance.now();
    try {
      check(text);
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
    if (performance.now() - startMs <= LIMIT_MS) return undefined;
  }
  return `took more than ${LIMIT_MS} ms`;
}

/** Says which seed fails and why, the least text that does, and how to see it again. */
export function failureText({ seed, reason, text }: FuzzFailure): string {
  return [
    `seed ${seed}: ${reason}`,
    `  least input, as a JavaScript string: ${JSON.stringify(text)}`,
    `  again: deno task fuzz --seed ${seed} --count 1`,
  ].join("\n");
}
