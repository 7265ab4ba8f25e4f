import { type Fault, wrong } from "./datum.ts";
import type { Pattern } from "./pattern.ts";
import type { WorkBudget } from "./work_budget.ts";

/** One state of the machine that a pattern becomes; `next` are numbers of states. */
type State =
  | { readonly kind: "character"; readonly test: (character: string) => boolean; readonly next: number }
  | { readonly kind: "start" | "end"; readonly next: number }
  | { readonly kind: "fork"; readonly next: readonly number[] }
  | { readonly kind: "matched" };

const STATE_LIMIT = 2_000;

/**
 * Whether `pattern` matches anywhere in `text`. It goes through the text once, with all states that it may be in, so that its
 * work is at most their count for each character; a search that goes back can take for ever on a bad pattern.
 */
export function matchPattern(pattern: Pattern, text: string, budget: WorkBudget): boolean | Fault {
  const states: State[] = [{ kind: "matched" }];
  const first = addStates(pattern, 0, states);
  if (first === undefined) return wrong(`its pattern has more than ${STATE_LIMIT} states`);
  const spent = budget.take(states.length);
  if (spent !== undefined) return spent;
  const characters = [...text];
  let waiting: readonly number[] = [];
  for (let at = 0; at <= characters.length; at++) {
    const place = { isStart: at === 0, isEnd: at === characters.length };
    const reached = reachedFrom([...waiting, first], states, place);
    const spent = budget.take(1 + reached.size);
    if (spent !== undefined) return spent;
    if (reached.has(0)) return true;
    const character = characters[at];
    if (character !== undefined) waiting = afterCharacter(reached, states, character);
  }
  return false;
}

/** All states that can be reached without a character. */
function reachedFrom(
  from: readonly number[],
  states: readonly State[],
  { isStart, isEnd }: { readonly isStart: boolean; readonly isEnd: boolean },
): ReadonlySet<number> {
  const reached = new Set<number>();
  const waiting = [...from];
  for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
    if (reached.has(number)) continue;
    reached.add(number);
    const state = states[number];
    if (state?.kind === "fork") waiting.push(...state.next);
    if ((state?.kind === "start" && isStart) || (state?.kind === "end" && isEnd)) waiting.push(state.next);
  }
  return reached;
}

function afterCharacter(
  reached: ReadonlySet<number>,
  states: readonly State[],
  character: string,
): readonly number[] {
  return [...reached].flatMap((number) => {
    const state = states[number];
    return state?.kind === "character" && state.test(character) ? [state.next] : [];
  });
}

/** Adds the states of `pattern` that lead to `next`; gives the first of them, `undefined` when there are too many. */
function addStates(pattern: Pattern, next: number, states: State[]): number | undefined {
  switch (pattern.kind) {
    case "character":
      return addState({ kind: "character", test: pattern.test, next }, states);
    case "start":
    case "end":
      return addState({ kind: pattern.kind, next }, states);
    case "sequence": {
      let first: number | undefined = next;
      for (const part of pattern.parts.toReversed()) {
        if (first !== undefined) first = addStates(part, first, states);
      }
      return first;
    }
    case "choice": {
      const firsts = pattern.options.map((option) => addStates(option, next, states));
      return addFork(firsts, states);
    }
    case "repeat":
      return addRepeat(pattern, next, states);
  }
}

function addRepeat(
  { part, min, max }: Extract<Pattern, { readonly kind: "repeat" }>,
  next: number,
  states: State[],
): number | undefined {
  let first: number | undefined = next;
  if (max === Infinity) {
    const loop = addState({ kind: "matched" }, states);
    const inner = loop === undefined ? undefined : addStates(part, loop, states);
    if (loop === undefined || inner === undefined) return undefined;
    states[loop] = { kind: "fork", next: [inner, next] };
    first = loop;
  }
  const optionalCount = max === Infinity ? 0 : max - min;
  for (let count = 0; count < optionalCount && first !== undefined; count++) {
    first = addFork([addStates(part, first, states), next], states);
  }
  for (let count = 0; count < min && first !== undefined; count++) {
    const before = states.length;
    first = addStates(part, first, states);
    if (states.length === before) break; // What takes no state takes none the next time either.
  }
  return first;
}

function addFork(next: readonly (number | undefined)[], states: State[]): number | undefined {
  const known = next.filter((each) => each !== undefined);
  return known.length === next.length ? addState({ kind: "fork", next: known }, states) : undefined;
}

function addState(state: State, states: State[]): number | undefined {
  return states.length >= STATE_LIMIT ? undefined : states.push(state) - 1;
}
