import {
  type Datum,
  type DatumRecord,
  Fault,
  isDatumList,
  isDatumRecord,
  kindName,
  openEntry,
  worseFault,
  wrong,
} from "./datum.ts";
import type { WorkBudget } from "./work_budget.ts";

/** `left == right`. Of plain values, only numbers of both kinds and null may be compared with another kind. */
export function equalTo(left: Datum, right: Datum, budget: WorkBudget): boolean | Fault {
  const isComparable = left instanceof Fault || right instanceof Fault || left === null || right === null ||
    (isNumber(left) && isNumber(right)) || kindName(left) === kindName(right);
  return isComparable
    ? equalParts(left, right, budget)
    : wrong(`${kindName(left)} cannot be compared with ${kindName(right)}`);
}

/** `part in whole`: an element of a list, a key of a record. */
export function within(part: Datum, whole: Datum, budget: WorkBudget): boolean | Fault {
  if (part instanceof Fault) return whole instanceof Fault ? worseFault(part, whole) : part;
  if (whole instanceof Fault) return whole;
  if (isDatumRecord(whole)) {
    return typeof part === "string"
      ? hasEntry(whole, part)
      : wrong(`${kindName(part)} is no key of a record`);
  }
  if (!isDatumList(whole)) return wrong(`"in" wants a list or a record behind it, found ${kindName(whole)}`);
  return someOf(whole, (element) => equalParts(part, element, budget));
}

/** Values of different kinds are not equal. What cannot be told is a fault, unless another part tells already. */
function equalParts(left: Datum, right: Datum, budget: WorkBudget): boolean | Fault {
  const spent = typeof left === "string" ? budget.takeText(left.length) : budget.take(1);
  if (spent !== undefined) return spent;
  if (left instanceof Fault) return right instanceof Fault ? worseFault(left, right) : left;
  if (right instanceof Fault) return right;
  if (isDatumList(left)) return isDatumList(right) && equalLists(left, right, budget);
  if (isDatumRecord(left)) return isDatumRecord(right) && equalRecords(left, right, budget);
  // Numbers of both kinds compare by their value, without a loss, which is what == does and === does not.
  // deno-lint-ignore eqeqeq
  return isNumber(left) && isNumber(right) ? left == right : left === right;
}

function equalLists(left: readonly Datum[], right: readonly Datum[], budget: WorkBudget): boolean | Fault {
  if (left.length !== right.length) return false;
  return everyOf(left.keys(), (index) => equalParts(left[index] ?? null, right[index] ?? null, budget));
}

function equalRecords(left: DatumRecord, right: DatumRecord, budget: WorkBudget): boolean | Fault {
  if (left.entries.size !== right.entries.size) return openEntry(left) ?? openEntry(right) ?? false;
  return everyOf(left.entries, ([key, value]) => {
    const isThere = hasEntry(right, key);
    if (isThere === true) return equalParts(value, right.entries.get(key) ?? null, budget);
    return hasEntry(left, key) === true ? isThere : openEntry(left) ?? isThere;
  });
}

/** What is not known yet may turn out to be null, which is not there. */
function hasEntry({ entries }: DatumRecord, key: string): boolean | Fault {
  const value = entries.get(key);
  return value instanceof Fault && value.kind === "unknown" ? value : value !== undefined;
}

/** Whether one is true; a secret counts before anything else, another fault only where none is true. */
export function someOf<T>(parts: Iterable<T>, test: (part: T) => boolean | Fault): boolean | Fault {
  let fault: Fault | undefined;
  for (const part of parts) {
    const answer = test(part);
    if (answer === true) return true;
    if (answer === false) continue;
    fault = fault === undefined ? answer : worseFault(fault, answer);
    if (fault.kind === "secret") return fault;
  }
  return fault ?? false;
}

/** Whether all are true; a secret counts before anything else, another fault only where none is false. */
export function everyOf<T>(parts: Iterable<T>, test: (part: T) => boolean | Fault): boolean | Fault {
  const found = someOf(parts, (part) => opposite(test(part)));
  return opposite(found);
}

function opposite(answer: boolean | Fault): boolean | Fault {
  return answer instanceof Fault ? answer : !answer;
}

/** Tells both kinds of numbers. */
export function isNumber(value: Datum): value is bigint | number {
  return typeof value === "bigint" || typeof value === "number";
}
