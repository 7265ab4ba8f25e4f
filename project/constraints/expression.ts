import type { CallName } from "./call_names.ts";

/** What a constraint says, as plain data: the part of CEL that is evaluated here, whoever parsed it. */
export type Expression =
  | { readonly kind: "literal"; readonly value: null | boolean | bigint | number | string }
  | { readonly kind: "list"; readonly elements: readonly Expression[] }
  /** A section, a field, `self`, or the variable of a loop around it. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "select"; readonly operand: Expression; readonly field: string }
  | { readonly kind: "index"; readonly operand: Expression; readonly index: Expression }
  /** Whether `operand` has the field, and it is not null. */
  | { readonly kind: "has"; readonly operand: Expression; readonly field: string }
  | { readonly kind: "not"; readonly operand: Expression }
  | { readonly kind: "negate"; readonly operand: Expression }
  | {
    readonly kind: "logic";
    readonly operator: "&&" | "||";
    readonly left: Expression;
    readonly right: Expression;
  }
  | {
    readonly kind: "binary";
    readonly operator: BinaryOperator;
    readonly left: Expression;
    readonly right: Expression;
  }
  | {
    readonly kind: "choice";
    readonly condition: Expression;
    readonly then: Expression;
    readonly otherwise: Expression;
  }
  /** The receiver, where one is written, is the first argument. */
  | { readonly kind: "call"; readonly name: CallName; readonly args: readonly Expression[] }
  | {
    readonly kind: "loop";
    readonly loop: Loop;
    readonly range: Expression;
    readonly variable: string;
    readonly body: Expression;
  };

export type Order = "<" | "<=" | ">" | ">=";
export type Arithmetic = typeof ARITHMETIC[number];
export type BinaryOperator = "==" | "!=" | "in" | Order | Arithmetic;

const ARITHMETIC = ["+", "-", "*", "/", "%"] as const;

/** Tells the operators that make a value of two from those that are true or false. */
export function isArithmetic(operator: BinaryOperator): operator is Arithmetic {
  return ARITHMETIC.some((each) => each === operator);
}

/** Over the elements of a list, or the keys of a record. */
export type Loop = typeof LOOPS[number];

export const LOOPS = ["all", "exists", "exists_one", "filter", "map"] as const;

/** The path that an expression reads, as it is written: `self.tags.team`; `undefined` for anything else. */
export function pathOf(expression: Expression): string | undefined {
  if (expression.kind === "name") return expression.name;
  if (expression.kind !== "select") return undefined;
  const before = pathOf(expression.operand);
  return before === undefined ? undefined : `${before}.${expression.field}`;
}
