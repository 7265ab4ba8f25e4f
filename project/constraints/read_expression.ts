import { type ASTNode, Environment, ParseError } from "@marcbachmann/cel-js";
import { nearName } from "../../engine/near_name.ts";
import { CALL_ARITIES, type CallName, callName } from "./call_names.ts";
import { type BinaryOperator, type Expression, type Loop, LOOPS } from "./expression.ts";

/** What a text is, seen without the resource that it is about. */
export type ReadText =
  /** It does not parse. */
  | { readonly kind: "prose" }
  /** It may parse, and has more parts or levels than are read. */
  | { readonly kind: "large" }
  | {
    readonly kind: "expression";
    readonly expression: Expression;
    /** What it says that constraints cannot; then the expression stands for its names only. */
    readonly foreign: Foreign | undefined;
  };

/** Something of CEL that constraints do not have. */
export interface Foreign {
  /** Continues "because". */
  readonly why: string;
  readonly hint: string | undefined;
}

/** Beyond these the parser refuses: 500 parts, 32 levels. */
const parser = new Environment({
  limits: { maxAstNodes: 500, maxDepth: 32, maxListElements: 200, maxMapEntries: 0, maxCallArguments: 8 },
});

/**
 * Parses the text of a constraint. The package reads CEL; what it reads becomes our own plain data, since its evaluator has no
 * bound on work and no values that are unknown or secret, and its type checker keeps field names such as `type` for itself.
 */
export function readExpression(text: string): ReadText {
  const foreign: Foreign[] = [];
  try {
    const expression = translate(parser.parse(text).ast, foreign);
    return { kind: "expression", expression, foreign: foreign[0] };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { kind: error.code === "limit_exceeded" ? "large" : "prose" };
  }
}

function translate(node: ASTNode, foreign: Foreign[]): Expression {
  const inner = (each: ASTNode) => translate(each, foreign);
  switch (node.op) {
    case "value":
      return literal(node.args, foreign);
    case "id":
      return { kind: "name", name: node.args };
    case ".":
      return { kind: "select", operand: inner(node.args[0]), field: node.args[1] };
    case "[]":
      return { kind: "index", operand: inner(node.args[0]), index: inner(node.args[1]) };
    case "list":
      return { kind: "list", elements: node.args.map(inner) };
    case "?:": {
      const [condition, then, otherwise] = node.args;
      return { kind: "choice", condition: inner(condition), then: inner(then), otherwise: inner(otherwise) };
    }
    case "||":
    case "&&":
      return { kind: "logic", operator: node.op, left: inner(node.args[0]), right: inner(node.args[1]) };
    case "!_":
      return { kind: "not", operand: inner(node.args) };
    case "-_":
      return negated(node.args, foreign);
    case "call":
      return plainCall(node.args[0], node.args[1], foreign);
    case "rcall":
      return dottedCall(node.args[0], node.args[1], node.args[2], foreign);
    case "map":
    case ".?":
    case "[?]":
      return strange(foreign, [], "records and optional fields cannot be written in constraints");
    default:
      return binary(node.op, node.args[0], node.args[1], foreign);
  }
}

function binary(operator: BinaryOperator, left: ASTNode, right: ASTNode, foreign: Foreign[]): Expression {
  return { kind: "binary", operator, left: translate(left, foreign), right: translate(right, foreign) };
}

function literal(value: Extract<ASTNode, { readonly op: "value" }>["args"], foreign: Foreign[]): Expression {
  if (value !== null && typeof value === "object") {
    return strange(foreign, [], "bytes and unsigned numbers have no place in constraints");
  }
  return typeof value === "bigint" ? wholeNumber(value, foreign) : { kind: "literal", value };
}

/** The least whole number has no positive counterpart, so a minus belongs to the number that it stands before. */
function negated(operand: ASTNode, foreign: Foreign[]): Expression {
  return operand.op === "value" && typeof operand.args === "bigint"
    ? wholeNumber(-operand.args, foreign)
    : { kind: "negate", operand: translate(operand, foreign) };
}

function wholeNumber(value: bigint, foreign: Foreign[]): Expression {
  return BigInt.asIntN(64, value) === value
    ? { kind: "literal", value }
    : strange(foreign, [], `${value} does not fit into 64 bits`);
}

function plainCall(name: string, args: readonly ASTNode[], foreign: Foreign[]): Expression {
  const [only] = args;
  if (name === "has" && only?.op === ".") {
    return { kind: "has", operand: translate(only.args[0], foreign), field: only.args[1] };
  }
  return call(callName(name, "plain", args.length), name, args, foreign);
}

function dottedCall(
  name: string,
  receiver: ASTNode,
  args: readonly ASTNode[],
  foreign: Foreign[],
): Expression {
  const loop = LOOPS.find((each) => each === name);
  const [variable, body] = args;
  if (loop !== undefined && variable?.op === "id" && body !== undefined && args.length === 2) {
    return loopOver(loop, receiver, { variable: variable.args, body }, foreign);
  }
  return call(callName(name, "dotted", args.length + 1), name, [receiver, ...args], foreign);
}

function loopOver(
  loop: Loop,
  range: ASTNode,
  { variable, body }: { readonly variable: string; readonly body: ASTNode },
  foreign: Foreign[],
): Expression {
  return { kind: "loop", loop, range: translate(range, foreign), variable, body: translate(body, foreign) };
}

function call(
  found: CallName | undefined,
  name: string,
  nodes: readonly ASTNode[],
  foreign: Foreign[],
): Expression {
  const args = nodes.map((each) => translate(each, foreign));
  if (found !== undefined) return { kind: "call", name: found, args };
  const known = [...Object.keys(CALL_ARITIES), ...LOOPS, "has"];
  const near = known.includes(name) ? undefined : nearName(name, known);
  const why = known.includes(name) ? `"${name}" is not called so` : `there is no function "${name}"`;
  return strange(foreign, args, why, near === undefined ? undefined : `Did you mean "${near}"?`);
}

/** Keeps the parts, so that the names in them are seen. */
function strange(
  foreign: Foreign[],
  elements: readonly Expression[],
  why: string,
  hint?: string,
): Expression {
  foreign.push({ why, hint });
  return { kind: "list", elements };
}
