/** Values for programs. */
import { integer, record, type Value } from "../engine/value.ts";
import type { StringExpression, StringPart } from "./string_parts.ts";
import { decimalValue, eachPath, fieldName, integerValue, nameText, stringParts } from "./syntax_text.ts";
import type { SecretSourceNode, SyntaxTree, ValueNode } from "./syntax_tree.ts";

/** What stands in the place of what is left out. */
const SENSITIVE = "(sensitive)";

/** A tree, and the names of fields, entries and arguments whose texts and numbers are left out. */
export interface ShownTree extends SyntaxTree {
  readonly sensitiveNames: ReadonlySet<string>;
}

/** The value that is given to `name`. */
export function namedJson(tree: ShownTree, name: string, node: ValueNode): Value {
  return tree.sensitiveNames.has(name) ? hiddenJson(tree, node) : valueJson(tree, node);
}

/** A value as an object whose one key is its kind, or as the name of a kind that says all. */
export function valueJson(tree: ShownTree, node: ValueNode): Value {
  switch (node.kind) {
    case "string":
      return stringJson(stringParts(tree, node));
    case "integer":
      return tagged("Integer", integer(integerValue(tree, node)));
    case "decimal":
      return tagged("Number", decimalValue(tree, node));
    case "boolean":
      return tagged("Bool", node.value);
    case "array":
      return tagged("Array", node.items.map((item) => valueJson(tree, item)));
    case "record":
      return tagged(
        "Record",
        node.entries.map((entry) => {
          const name = fieldName(tree, entry);
          return record([["name", name], ["value", namedJson(tree, name, entry.value)]]);
        }),
      );
    case "secret":
      return tagged("Secret", SENSITIVE);
    case "secret_source":
      return sourceJson(tree, node);
    case "env":
      return envJson(
        nameText(tree, node.name),
        node.default === undefined ? undefined : nameText(tree, node.default),
      );
    case "param_ref":
      return tagged("ParamRef", fieldName(tree, node));
    case "var_ref":
      return tagged("VarRef", fieldName(tree, node));
    case "each_ref":
      return eachJson(node.of, eachPath(tree, node));
  }
}

/** The same without its texts and numbers. */
function hiddenJson(tree: ShownTree, node: ValueNode): Value {
  switch (node.kind) {
    case "string":
      return tagged("String", SENSITIVE);
    case "integer":
      return tagged("Integer", SENSITIVE);
    case "decimal":
      return tagged("Number", SENSITIVE);
    case "array":
      return tagged("Array", node.items.map((item) => hiddenJson(tree, item)));
    case "record":
      return tagged(
        "Record",
        node.entries.map((entry) =>
          record([["name", fieldName(tree, entry)], ["value", hiddenJson(tree, entry.value)]])
        ),
      );
    case "env":
      return envJson(nameText(tree, node.name), node.default === undefined ? undefined : SENSITIVE);
    default:
      return valueJson(tree, node);
  }
}

/** Arguments of a command are left out: anything may stand in them. */
function sourceJson(tree: SyntaxTree, { from, args: [first, ...rest] }: SecretSourceNode): Value {
  const name = first === undefined ? "" : nameText(tree, first);
  switch (from) {
    case "env":
      return tagged("SecretEnv", name);
    case "file":
      return tagged("SecretFile", name);
    case "command":
      return tagged("SecretCommand", record([["program", name], ["args", rest.map(() => SENSITIVE)]]));
  }
}

function stringJson(parts: readonly StringPart[]): Value {
  const [first, second] = parts;
  if (first === undefined) return tagged("String", "");
  // Neighbouring texts are one part.
  if (first.kind === "text" && second === undefined) return tagged("String", first.text);
  return tagged(
    "Interpolated",
    parts.map((part) =>
      part.kind === "text" ? tagged("Literal", part.text) : tagged("Expr", expressionJson(part))
    ),
  );
}

function expressionJson(expression: StringExpression): Value {
  switch (expression.kind) {
    case "each":
      return eachJson(expression.of, expression.path);
    case "param":
      return tagged("ParamRef", expression.name);
    case "var":
      return tagged("VarRef", expression.name);
    case "env":
      return envJson(expression.name, expression.default);
    case "malformed_env":
      return tagged("String", `\${${expression.text}}`);
  }
}

function envJson(name: string, fallback: string | undefined): Value {
  if (fallback === undefined) return tagged("EnvRef", name);
  return tagged("EnvRef", record([["name", name], ["default", fallback]]));
}

function eachJson(of: "value" | "index" | "key", path: readonly string[]): Value {
  if (of === "value") return path.length === 0 ? "EachValue" : tagged("EachValue", [...path]);
  return of === "index" ? "EachIndex" : "EachKey";
}

function tagged(tag: string, value: Value): Value {
  return record([[tag, value]]);
}
