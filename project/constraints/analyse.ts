import { field, type FieldType, type ResourceSchema } from "../../engine/schema.ts";
import type { CallName } from "./call_names.ts";
import { type Expression, isArithmetic } from "./expression.ts";

/** What an expression is, seen with the schema of its resource. */
export interface Analysis {
  /** `maybe`: only the values tell, as with what an open section takes. */
  readonly isTruth: "yes" | "no" | "maybe";
  /** Names that the resource does not have, each with those that it has at that place. */
  readonly strangers: readonly Stranger[];
  /** Whether it uses any name that the resource has. */
  readonly usesNames: boolean;
}

/** A name that is not there. */
export interface Stranger {
  readonly name: string;
  readonly known: readonly string[];
}

const ANY: FieldType = { kind: "any" };
const TRUTH: FieldType = { kind: "boolean" };
/** Whatever is neither true nor false, and has no fields. */
const OTHER: FieldType = { kind: "string" };
const PREDICATES: readonly CallName[] = ["contains", "startsWith", "endsWith", "matches"];
const LIST: FieldType = { kind: "list", element: ANY };

/** The names that stand at the top, as one record; what an open section takes is not known. */
export function selfType({ sections }: ResourceSchema): FieldType {
  const fields = sections.flatMap((section) => {
    if (section.name === "") return section.fields;
    const type: FieldType = section.open ? ANY : { kind: "record", fields: section.fields };
    return [field(section.name, type, section.summary)];
  });
  return { kind: "record", fields };
}

/** Looks for the names that `expression` uses, and for whether it can be true or false. Values are not looked at. */
export function analyse(expression: Expression, self: FieldType): Analysis {
  const work: Work = { self, strangers: [], usesNames: false };
  const type = typeOf(expression, new Map(), work);
  const isTruth = type.kind === "boolean" ? "yes" : type.kind === "any" ? "maybe" : "no";
  return { isTruth, strangers: work.strangers, usesNames: work.usesNames };
}

interface Work {
  readonly self: FieldType;
  readonly strangers: Stranger[];
  usesNames: boolean;
}

type Variables = ReadonlyMap<string, FieldType>;

function typeOf(expression: Expression, variables: Variables, work: Work): FieldType {
  const inner = (each: Expression) => typeOf(each, variables, work);
  switch (expression.kind) {
    case "literal":
      return typeof expression.value === "boolean" ? TRUTH : OTHER;
    case "list":
      expression.elements.forEach(inner);
      return LIST;
    case "name":
      return nameType(expression.name, variables, work);
    case "select":
      return fieldOf(inner(expression.operand), expression.field, work);
    case "has":
      fieldOf(inner(expression.operand), expression.field, work);
      return TRUTH;
    case "index":
      inner(expression.index);
      return elementOf(inner(expression.operand));
    case "not":
      inner(expression.operand);
      return TRUTH;
    case "negate":
      inner(expression.operand);
      return OTHER;
    case "logic":
      inner(expression.left);
      inner(expression.right);
      return TRUTH;
    case "binary":
      inner(expression.left);
      inner(expression.right);
      return isArithmetic(expression.operator) ? OTHER : TRUTH;
    case "choice":
      inner(expression.condition);
      return commonType(inner(expression.then), inner(expression.otherwise));
    case "call":
      expression.args.forEach(inner);
      return callType(expression.name);
    case "loop":
      return loopType(expression, variables, work);
  }
}

function nameType(name: string, variables: Variables, work: Work): FieldType {
  const variable = variables.get(name);
  if (variable !== undefined) return variable;
  if (name !== "self") return fieldOf(work.self, name, work);
  work.usesNames = true;
  return work.self;
}

function fieldOf(type: FieldType, name: string, work: Work): FieldType {
  if (type.kind === "map") return type.element;
  if (type.kind !== "record") return ANY;
  const found = type.fields.find((each) => each.name === name);
  if (found !== undefined) work.usesNames = true;
  else work.strangers.push({ name, known: type.fields.map((each) => each.name) });
  return found?.type ?? ANY;
}

function elementOf(type: FieldType): FieldType {
  return type.kind === "list" || type.kind === "map" ? type.element : ANY;
}

function commonType(left: FieldType, right: FieldType): FieldType {
  const isPlain = left.kind !== "record" && left.kind !== "list" && left.kind !== "map";
  return isPlain && left.kind === right.kind ? left : ANY;
}

function callType(name: CallName): FieldType {
  if (PREDICATES.includes(name)) return TRUTH;
  return name === "split" ? LIST : OTHER;
}

function loopType(
  { range, loop, variable, body }: Extract<Expression, { readonly kind: "loop" }>,
  variables: Variables,
  work: Work,
): FieldType {
  const over = typeOf(range, variables, work);
  const element = over.kind === "list" ? over.element : ANY;
  typeOf(body, new Map([...variables, [variable, element]]), work);
  return loop === "filter" || loop === "map" ? LIST : TRUTH;
}
