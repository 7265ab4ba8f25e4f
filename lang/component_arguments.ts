import { Unknown } from "../engine/value.ts";
import type { Component, ComponentUse } from "./component_table.ts";
import { tokenExtent } from "./expand_findings.ts";
import type { Argument, ExpandWork } from "./expand_scope.ts";
import { evaluate } from "./expand_value.ts";
import { fieldName, nameText, paramType } from "./syntax_text.ts";
import type { ParamNode, SyntaxTree, ValueNode } from "./syntax_tree.ts";

/** What the parameters of a component stand for in one use: its arguments over the defaults. */
export function useArguments(work: ExpandWork, use: ComponentUse): ReadonlyMap<string, Argument> {
  const given = givenArguments(work, use);
  const made = new Map<string, Argument>();
  for (const [name, param] of paramsOf(use.component)) {
    const argument = given.get(name) ?? defaultArgument(work, use.component, param);
    if (argument === undefined) {
      work.findings.report(use.tree, tokenExtent(use.node.instance), {
        code: "E-MISSING-ARG",
        message:
          `Give "${use.instance}" the argument "${name}": component "${use.component.name}" has no default for it`,
      });
    }
    made.set(name, argument ?? unknownArgument(name));
  }
  return made;
}

/** The parameters of a component that is never used: all unknown, so that its inside can be checked. */
export function unknownArguments(work: ExpandWork, component: Component): ReadonlyMap<string, Argument> {
  const made = new Map<string, Argument>();
  for (const [name, param] of paramsOf(component)) {
    defaultArgument(work, component, param);
    made.set(name, unknownArgument(name));
  }
  return made;
}

function unknownArgument(name: string): Argument {
  return { value: new Unknown(`param.${name}`), written: undefined };
}

/** By name; of two parameters of one name the last one counts. */
function paramsOf(component: Component): ReadonlyMap<string, ParamNode> {
  return new Map(component.node.params.map((param) => [fieldName(component.tree, param), param] as const));
}

function givenArguments(work: ExpandWork, use: ComponentUse): ReadonlyMap<string, Argument> {
  const params = paramsOf(use.component);
  const given = new Map<string, Argument>();
  for (const field of use.node.args) {
    const name = fieldName(use.tree, field);
    const param = params.get(name);
    if (param === undefined) {
      work.findings.report(use.tree, tokenExtent(field.name), {
        code: "E-UNKNOWN-ARG",
        message: `Unknown argument "${name}" of component "${use.component.name}"${
          work.findings.suggestion(name, params.keys())
        }`,
      });
    } else {
      const type = paramType(use.component.tree, param);
      given.set(name, readArgument(work, use.tree, { name, type, node: field.value }));
    }
  }
  return given;
}

function defaultArgument(work: ExpandWork, component: Component, param: ParamNode): Argument | undefined {
  if (param.default === undefined) return undefined;
  return readArgument(work, component.tree, {
    name: nameText(component.tree, param.name),
    type: paramType(component.tree, param),
    node: param.default,
  });
}

interface WrittenArgument {
  readonly name: string;
  readonly type: string;
  readonly node: ValueNode;
}

/** An argument of another type counts as not known: what follows from it is no further mistake. */
function readArgument(work: ExpandWork, tree: SyntaxTree, written: WrittenArgument): Argument {
  const fits = fitsType(work, tree, written);
  const value = evaluate(work, { tree, params: undefined, each: undefined }, written.node);
  return fits ? { value, written: { tree, node: written.node } } : unknownArgument(written.name);
}

/** A type that is not listed takes everything. */
const FITTING_KINDS: ReadonlyMap<string, readonly ValueNode["kind"][]> = new Map([
  ["String", ["string", "env", "secret", "secret_source"]],
  ["Integer", ["integer"]],
  ["Bool", ["boolean"]],
  ["List", ["array"]],
  ["Record", ["record"]],
]);

/** References have no kind of their own here; `evaluate` reports them. */
const REFERENCE_KINDS: readonly ValueNode["kind"][] = ["param_ref", "each_ref", "var_ref"];

/** Whether an argument may stand for a parameter of its type; what does not fit is told. */
function fitsType(work: ExpandWork, tree: SyntaxTree, { name, type, node }: WrittenArgument): boolean {
  const fitting = FITTING_KINDS.get(type);
  if (fitting === undefined || fitting.includes(node.kind) || REFERENCE_KINDS.includes(node.kind)) {
    return true;
  }
  const finding = {
    code: "E-ARG-TYPE",
    message: `Correct "${name}": expected ${type}, found ${nameOfKind(node.kind)}`,
  } as const;
  // Before there were "List" and "Record" any type took lists and records, and such files must go on working.
  const isWarning = node.kind === "array" || node.kind === "record";
  if (isWarning) work.findings.warn(tree, node, finding);
  else work.findings.report(tree, node, finding);
  return isWarning;
}

function nameOfKind(kind: ValueNode["kind"]): string {
  if (kind === "array") return "a list";
  if (kind === "env" || kind === "secret") return `${kind}(…), which is text`;
  if (kind === "secret_source") return "a secret, which is text";
  return kind === "integer" ? "an integer" : `a ${kind}`;
}
