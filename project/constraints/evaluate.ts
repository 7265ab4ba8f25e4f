/**
 * Evaluates constraints, with values that are unknown or secret among the others.
 *
 *   C1. What is true or false stays so whatever the unknown values turn out to be.
 *   C2. A secret that is reached is a fault that nothing swallows; its value is never looked at.
 *   C3. The work is bounded, whatever the text and the fields are.
 */
import { applyCall } from "./calls.ts";
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
import { everyOf, someOf } from "./equality.ts";
import { type Expression, pathOf } from "./expression.ts";
import { applyBinary, negated } from "./operators.ts";
import { WorkBudget } from "./work_budget.ts";

/** What came of a constraint, and what it read on the way. */
export interface Evaluation {
  readonly outcome: boolean | Fault;
  /** By path as it is written, in the order of reading. */
  readonly reads: ReadonlyMap<string, Datum>;
}

/** Evaluates `expression` on the fields of a resource. */
export function evaluate(expression: Expression, self: DatumRecord): Evaluation {
  const reads = new Map<string, Datum>();
  const outcome = truthOf(expression, { self, variables: new Map(), reads, budget: new WorkBudget() });
  return { outcome, reads };
}

interface Scope {
  readonly self: DatumRecord;
  readonly variables: ReadonlyMap<string, Datum>;
  readonly reads: Map<string, Datum>;
  readonly budget: WorkBudget;
}

function valueOf(expression: Expression, scope: Scope): Datum {
  const spent = scope.budget.take(1);
  if (spent !== undefined) return spent;
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "list":
      return expression.elements.map((each) => valueOf(each, scope));
    case "name":
      return nameValue(expression, scope);
    case "select":
      return noted(expression, selected(presentValue(expression.operand, scope), expression.field), scope);
    case "has":
      return hasField(valueOf(expression.operand, scope), expression.field);
    case "index":
      return indexed(presentValue(expression.operand, scope), presentValue(expression.index, scope));
    case "not": {
      const truth = truthOf(expression.operand, scope);
      return truth instanceof Fault ? truth : !truth;
    }
    case "negate":
      return negated(presentValue(expression.operand, scope));
    case "logic":
      return logic(expression, scope);
    case "binary": {
      const { operator, left, right } = expression;
      const sideValue = operator === "==" || operator === "!=" ? valueOf : presentValue;
      return applyBinary(operator, sideValue(left, scope), sideValue(right, scope), scope.budget);
    }
    case "choice": {
      const truth = truthOf(expression.condition, scope);
      if (truth instanceof Fault) return truth;
      return valueOf(truth ? expression.then : expression.otherwise, scope);
    }
    case "call":
      return applyCall(
        expression.name,
        expression.args.map((each) => presentValue(each, scope)),
        scope.budget,
      );
    case "loop":
      return looped(expression, scope);
  }
}

function nameValue(expression: Extract<Expression, { readonly kind: "name" }>, scope: Scope): Datum {
  const { name } = expression;
  const variable = scope.variables.get(name);
  if (variable !== undefined) return variable;
  return name === "self" ? scope.self : noted(expression, selected(scope.self, name), scope);
}

/** Keeps what is read under a path, for messages. What a variable of a loop reads has no path of its own. */
function noted(expression: Expression, value: Datum, { reads, variables }: Scope): Datum {
  const path = pathOf(expression);
  const [root = ""] = path?.split(".", 1) ?? [];
  if (path !== undefined && !variables.has(root)) reads.set(path, value);
  return value;
}

function selected(operand: Datum, name: string): Datum {
  if (operand instanceof Fault) return operand;
  if (!isDatumRecord(operand)) return wrong(`${kindName(operand)} has no field "${name}"`);
  return operand.entries.get(name) ?? missingField(operand, name);
}

/** A null that is kept as an entry is found here too. */
function missingField({ entries, absent }: DatumRecord, name: string): Datum {
  if (entries.has(name)) return null;
  return absent.get(name) ?? (absent.has(name) ? null : wrong(`there is no "${name}"`));
}

/** What is not known yet may turn out to be null, which has nothing. That a secret is there is no secret. */
function hasField(operand: Datum, name: string): boolean | Fault {
  if (operand instanceof Fault) return operand;
  if (operand === null) return false;
  if (!isDatumRecord(operand)) return wrong(`${kindName(operand)} has no field "${name}"`);
  const found = operand.entries.get(name) ?? null;
  if (found instanceof Fault && found.kind === "unknown") return found;
  return found !== null;
}

function indexed(operand: Datum, index: Datum): Datum {
  if (operand instanceof Fault) return index instanceof Fault ? worseFault(operand, index) : operand;
  if (index instanceof Fault) return index;
  if (isDatumRecord(operand)) {
    return typeof index === "string"
      ? selected(operand, index)
      : wrong(`${kindName(index)} is no key of a record`);
  }
  if (!isDatumList(operand)) return wrong(`${kindName(operand)} has no elements`);
  if (typeof index !== "bigint") {
    return wrong(`the place in a list is a whole number, found ${kindName(index)}`);
  }
  const isThere = index >= 0n && index < BigInt(operand.length);
  return isThere
    ? operand[Number(index)] ?? null
    : wrong(`there is no element ${index} among ${operand.length}`);
}

/** A value where null is none: a field that is not set is told by its name. */
function presentValue(expression: Expression, scope: Scope): Datum {
  const value = valueOf(expression, scope);
  const path = value === null ? pathOf(expression) : undefined;
  return path === undefined ? value : wrong(`"${path}" is not set`);
}

function truthOf(expression: Expression, scope: Scope): boolean | Fault {
  const value = presentValue(expression, scope);
  if (typeof value === "boolean" || value instanceof Fault) return value;
  const path = pathOf(expression);
  return wrong(
    `${path === undefined ? "it, or a part of it," : `"${path}"`} is ${
      kindName(value)
    }, wanted true or false`,
  );
}

/** One side may decide though the other cannot be told. The right one is not looked at when the left one decides. */
function logic(
  { operator, left, right }: Extract<Expression, { readonly kind: "logic" }>,
  scope: Scope,
): boolean | Fault {
  const sides = [left, right];
  return operator === "||"
    ? someOf(sides, (side) => truthOf(side, scope))
    : everyOf(sides, (side) => truthOf(side, scope));
}

function looped(expression: Extract<Expression, { readonly kind: "loop" }>, scope: Scope): Datum {
  const range = presentValue(expression.range, scope);
  if (range instanceof Fault) return range;
  if (!isDatumList(range) && !isDatumRecord(range)) {
    return wrong(`${expression.loop}() wants a list or a record, found ${kindName(range)}`);
  }
  const open = isDatumList(range) ? undefined : openEntry(range);
  if (open !== undefined) return open;
  const elements = isDatumList(range) ? range : [...range.entries.keys()];
  const { variable, body, loop } = expression;
  const inner = (element: Datum): Scope => ({
    ...scope,
    variables: new Map([...scope.variables, [variable, element]]),
  });
  const truth = (element: Datum) => truthOf(body, inner(element));
  switch (loop) {
    case "all":
      return everyOf(elements, truth);
    case "exists":
      return someOf(elements, truth);
    case "map":
      return elements.map((element) => valueOf(body, inner(element)));
    case "filter":
      return chosen(elements, truth);
    case "exists_one": {
      const found = chosen(elements, truth);
      return found instanceof Fault ? found : found.length === 1;
    }
  }
}

function chosen(
  elements: readonly Datum[],
  truth: (element: Datum) => boolean | Fault,
): readonly Datum[] | Fault {
  const found: Datum[] = [];
  let fault: Fault | undefined;
  for (const element of elements) {
    const answer = truth(element);
    if (answer === true) found.push(element);
    if (answer instanceof Fault) fault = fault === undefined ? answer : worseFault(fault, answer);
  }
  return fault ?? found;
}
