/** `component "NAME" { … }` and `use "NAME" as "INSTANCE" { … }` */
import { nearName } from "../engine/near_name.ts";
import { parseAnnotation } from "./parse_annotation.ts";
import { parseBody, parseField } from "./parse_body.ts";
import type { Cursor } from "./parse_cursor.ts";
import { parseAddressName, parseName, warnDuplicates } from "./parse_name.ts";
import { parseResource } from "./parse_resource.ts";
import { parseValue } from "./parse_value.ts";
import type {
  AnnotationNode,
  ComponentNode,
  FieldNode,
  ParamNode,
  ResourceNode,
  UseNode,
} from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

/** The types that a parameter may have. `Any` takes every value. */
export const PARAM_TYPES: readonly string[] = ["String", "Integer", "Bool", "List", "Record", "Any"];

interface ComponentItems {
  readonly params: ParamNode[];
  readonly annotations: AnnotationNode[];
  readonly resources: ResourceNode[];
}

/** Reads a component. */
export function parseComponent(cursor: Cursor): ComponentNode | undefined {
  const first = cursor.at++;
  const name = parseName(cursor, "the component");
  if (name === undefined) return undefined;
  const items: ComponentItems = { params: [], annotations: [], resources: [] };
  const last = parseBody(cursor, {
    goal: `the component ${cursor.text(name)}`,
    inner: "resource",
    item: () => parseComponentItem(cursor, items),
  });
  if (last === undefined) return undefined;
  warnDuplicates(cursor, items.params, "parameter");
  return { kind: "component", first, last, name, ...items };
}

function parseComponentItem(cursor: Cursor, items: ComponentItems): boolean {
  if (cursor.is(TokenKind.At)) return parseAnnotation(cursor, items.annotations);
  if (cursor.isWord(cursor.at, "param")) return collect(parseParam(cursor), items.params);
  if (cursor.isWord(cursor.at, "resource")) return collect(parseResource(cursor), items.resources);
  cursor.unexpected("the component", 'a parameter, an annotation, a resource or "}"');
  return false;
}

function collect<Node>(node: Node | undefined, into: Node[]): boolean {
  if (node !== undefined) into.push(node);
  return node !== undefined;
}

function parseParam(cursor: Cursor): ParamNode | undefined {
  const first = cursor.at++;
  const name = cursor.expect(TokenKind.Identifier, "the parameter", "a name");
  if (name === undefined) return undefined;
  const goal = `the parameter "${cursor.text(name)}"`;
  if (cursor.expect(TokenKind.Colon, goal, '":" and a type') === undefined) return undefined;
  const type = cursor.expect(TokenKind.Identifier, goal, `one of the types ${PARAM_TYPES.join(", ")}`);
  if (type === undefined) return undefined;
  if (!PARAM_TYPES.includes(cursor.text(type))) refuseType(cursor, type);
  if (!cursor.accept(TokenKind.Equals)) {
    return { kind: "param", first, last: type, name, type, default: undefined };
  }
  const value = parseValue(cursor);
  return value && { kind: "param", first, last: value.last, name, type, default: value };
}

function refuseType(cursor: Cursor, type: number): void {
  const near = nearName(cursor.text(type), PARAM_TYPES);
  cursor.report(type, {
    code: "E-SYNTAX",
    message: `Cannot use the type "${cursor.text(type)}": expected one of ${PARAM_TYPES.join(", ")}`,
    hint: near === undefined ? undefined : `did you mean "${near}"?`,
  });
}

/** Reads a use of a component. */
export function parseUse(cursor: Cursor): UseNode | undefined {
  const first = cursor.at++;
  const component = parseName(cursor, "the component in use");
  if (component === undefined || !cursor.expectWord("as", `the use of ${cursor.text(component)}`)) {
    return undefined;
  }
  const instance = parseAddressName(cursor, "the instance");
  if (instance === undefined) return undefined;
  const args: FieldNode[] = [];
  const goal = `the use of ${cursor.text(component)}`;
  const last = parseBody(cursor, { goal, item: () => collect(parseField(cursor, goal), args) });
  if (last === undefined) return undefined;
  warnDuplicates(cursor, args, "argument");
  return { kind: "use", first, last, component, instance, args };
}
