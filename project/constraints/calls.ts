import type { CallName } from "./call_names.ts";
import {
  type Datum,
  Fault,
  isDatumList,
  isDatumRecord,
  kindName,
  openEntry,
  worseFault,
  wrong,
} from "./datum.ts";
import { matchPattern } from "./match_pattern.ts";
import { fitting } from "./operators.ts";
import { parsePattern } from "./pattern.ts";
import type { WorkBudget } from "./work_budget.ts";

/** Calls a function of constraints. None of them reads a clock, chance or anything else outside its arguments. */
export function applyCall(name: CallName, args: readonly Datum[], budget: WorkBudget): Datum {
  const faults = args.filter((each) => each instanceof Fault);
  const [fault, ...others] = faults;
  if (fault !== undefined) return others.reduce(worseFault, fault);
  const [first = null, second = null] = args;
  const length = args.reduce((sum: number, each) => sum + (typeof each === "string" ? each.length : 0), 0);
  return budget.takeText(length) ?? result(name, first, second, budget) ?? unfit(name, args);
}

/** `undefined` where the arguments are not of the kind that the function takes. */
function result(name: CallName, first: Datum, second: Datum, budget: WorkBudget): Datum | undefined {
  switch (name) {
    case "size":
      return sizeOf(first);
    case "int":
      return wholeOf(first);
    case "double":
      return decimalOf(first);
    case "string":
      return textOf(first);
    case "join":
      return typeof second === "string" && isDatumList(first) ? joined(first, second, budget) : undefined;
    default:
      return typeof first === "string" ? textResult(name, first, second, budget) : undefined;
  }
}

function textResult(
  name: Exclude<CallName, "size" | "int" | "double" | "string" | "join">,
  text: string,
  other: Datum,
  budget: WorkBudget,
): Datum | undefined {
  if (name === "lowerAscii") return text.replaceAll(/[A-Z]/g, (each) => each.toLowerCase());
  if (name === "upperAscii") return text.replaceAll(/[a-z]/g, (each) => each.toUpperCase());
  if (name === "trim") return text.trim();
  if (typeof other !== "string") return undefined;
  switch (name) {
    case "contains":
      return text.includes(other);
    case "startsWith":
      return text.startsWith(other);
    case "endsWith":
      return text.endsWith(other);
    case "matches": {
      const pattern = parsePattern(other);
      return pattern.ok
        ? matchPattern(pattern.value, text, budget)
        : wrong(`${JSON.stringify(other)} is no pattern: ${pattern.error}`);
    }
    case "split": {
      const parts = text.split(other);
      return budget.take(parts.length) ?? parts;
    }
  }
}

/** Characters of a text, elements of a list, entries of a record. */
function sizeOf(value: Datum): Datum | undefined {
  if (typeof value === "string") return BigInt([...value].length);
  if (isDatumList(value)) return BigInt(value.length);
  return isDatumRecord(value) ? openEntry(value) ?? BigInt(value.entries.size) : undefined;
}

function wholeOf(value: Datum): Datum | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number") return fitting(BigInt(Math.trunc(value)));
  if (typeof value !== "string") return undefined;
  return /^-?\d{1,19}$/.test(value)
    ? fitting(BigInt(value))
    : wrong(`${JSON.stringify(value)} is no whole number`);
}

function decimalOf(value: Datum): Datum | undefined {
  if (typeof value === "bigint" || typeof value === "number") return Number(value);
  if (typeof value !== "string") return undefined;
  return /^-?\d+(?:\.\d+)?$/.test(value) && Number.isFinite(Number(value))
    ? Number(value)
    : wrong(`${JSON.stringify(value)} is no number`);
}

function textOf(value: Datum): Datum | undefined {
  if (typeof value === "string") return value;
  return typeof value === "object" ? undefined : String(value);
}

function joined(list: readonly Datum[], separator: string, budget: WorkBudget): Datum | undefined {
  const texts: string[] = [];
  for (const part of list) {
    if (part instanceof Fault) return part;
    if (typeof part !== "string") return undefined;
    const spent = budget.takeText(part.length + separator.length);
    if (spent !== undefined) return spent;
    texts.push(part);
  }
  return texts.join(separator);
}

function unfit(name: CallName, args: readonly Datum[]): Fault {
  return wrong(`${name}() does not take ${args.map(kindName).join(" and ")}`);
}
