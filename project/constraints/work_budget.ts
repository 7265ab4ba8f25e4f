import { type Fault, wrong } from "./datum.ts";

/** How much work one evaluation may be: about one for each part that is looked at, and for each 64 characters. */
export const WORK_LIMIT = 100_000;

const CHARACTERS_A_UNIT = 64;

/** The work that is left to one evaluation. Once it is used up, nothing has a value any more. */
export class WorkBudget {
  #left = WORK_LIMIT;

  /** Takes `count`; the fault of a budget that is used up, else `undefined`. */
  take(count: number): Fault | undefined {
    this.#left -= count;
    return this.#left < 0 ? wrong(`it takes more than ${WORK_LIMIT} steps`) : undefined;
  }

  /** Takes what reading or making a text of so many characters is. */
  takeText(length: number): Fault | undefined {
    return this.take(1 + Math.floor(length / CHARACTERS_A_UNIT));
  }
}
