import { compareText } from "../../engine/text_order.ts";
import { type Datum, Fault, isDatumList, kindName, worseFault, wrong } from "./datum.ts";
import { equalTo, isNumber, within } from "./equality.ts";
import { type Arithmetic, type BinaryOperator, isArithmetic, type Order } from "./expression.ts";
import type { WorkBudget } from "./work_budget.ts";

/** `left operator right`, where both sides are evaluated. */
export function applyBinary(operator: BinaryOperator, left: Datum, right: Datum, budget: WorkBudget): Datum {
  if (operator === "in") return within(left, right, budget);
  if (operator === "==") return equalTo(left, right, budget);
  if (operator === "!=") {
    const equal = equalTo(left, right, budget);
    return equal instanceof Fault ? equal : !equal;
  }
  if (left instanceof Fault) return right instanceof Fault ? worseFault(left, right) : left;
  if (right instanceof Fault) return right;
  return isArithmetic(operator)
    ? calculated(operator, left, right, budget)
    : ordered(operator, left, right, budget);
}

/** `-operand` */
export function negated(operand: Datum): Datum {
  if (operand instanceof Fault) return operand;
  if (typeof operand === "bigint") return fitting(-operand);
  return typeof operand === "number" ? -operand : wrong(`"-" wants a number, found ${named(operand)}`);
}

/** Numbers of both kinds by their value, texts by code point. */
function ordered(operator: Order, left: Datum, right: Datum, budget: WorkBudget): boolean | Fault {
  if (typeof left === "string" && typeof right === "string") {
    return budget.takeText(left.length) ?? holds(operator, compareText(left, right), 0);
  }
  return isNumber(left) && isNumber(right) ? holds(operator, left, right) : unfit(operator, left, right);
}

function holds(operator: Order, left: bigint | number, right: bigint | number): boolean {
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
  }
}

function calculated(operator: Arithmetic, left: Datum, right: Datum, budget: WorkBudget): Datum {
  if (typeof left === "bigint" && typeof right === "bigint") return wholeResult(operator, left, right);
  if (isNumber(left) && isNumber(right)) return decimalResult(operator, Number(left), Number(right));
  if (operator !== "+") return unfit(operator, left, right);
  if (typeof left === "string" && typeof right === "string") {
    return budget.takeText(left.length + right.length) ?? left + right;
  }
  if (isDatumList(left) && isDatumList(right)) {
    return budget.take(left.length + right.length) ?? [...left, ...right];
  }
  return unfit(operator, left, right);
}

function wholeResult(operator: Arithmetic, left: bigint, right: bigint): Datum {
  switch (operator) {
    case "+":
      return fitting(left + right);
    case "-":
      return fitting(left - right);
    case "*":
      return fitting(left * right);
    case "/":
      return right === 0n ? wrong("it divides by zero") : fitting(left / right);
    case "%":
      return right === 0n ? wrong("it divides by zero") : left % right;
  }
}

function decimalResult(operator: Arithmetic, left: number, right: number): Datum {
  if ((operator === "/" || operator === "%") && right === 0) return wrong("it divides by zero");
  const result = decimal(operator, left, right);
  return Number.isFinite(result) ? result : wrong("a number in it gets too large");
}

function decimal(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "%":
      return left % right;
  }
}

/** Whole numbers have 64 bits, as everywhere in the language. */
export function fitting(value: bigint): bigint | Fault {
  return BigInt.asIntN(64, value) === value ? value : wrong("a whole number in it does not fit into 64 bits");
}

function unfit(operator: BinaryOperator, left: Datum, right: Datum): Fault {
  return wrong(`"${operator}" takes no ${named(left)} with ${kindName(right)}`);
}

function named(value: Datum): string {
  return kindName(value).replace(/^an? /, "");
}
