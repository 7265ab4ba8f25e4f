/** `component "NAME" { … }` and `use "NAME" as "INSTANCE" { … }` */
import { nearName } from "../engine/near_name.ts";
import { parseAnnotation } from "./parse_annotation.ts";
import { type Body, type BodyGrammar, goalOf, parseBody, parseField } from "./parse_body.ts";
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
  TokenIndex,
  UseNode,
} from "./syntax_tree.ts";
import { TokenKind } from "./token.ts";

/** The types that a parameter may have. `Any` takes every value. */
export const PARAM_TYPES: readonly string[] = ["String", "Integer", "Bool", "List", "Record", "Any"];

interface ComponentItems extends Body {
  readonly params: ParamNode[];
  readonly annotations: AnnotationNode[];
  readonly resources: ResourceNode[];
}

interface UseItems extends Body {
  readonly args: FieldNode[];
}

const COMPONENT_GRAMMAR: BodyGrammar<ComponentItems> = { inner: "resource", item: parseComponentItem };
const USE_GRAMMAR: BodyGrammar<UseItems> = {
  item: (cursor, items) => collect(parseField(cursor, items), items.args),
};

/** Reads a component. */
export function parseComponent(cursor: Cursor): ComponentNode | undefined {
  const first = cursor.at++;
  const name = parseName(cursor, "the component");
  if (name === undefined) return undefined;
  const goal = (): string => `the component ${cursor.text(name)}`;
  const items: ComponentItems = { head: first, goal, params: [], annotations: [], resources: [] };
  const last = parseBody(cursor, COMPONENT_GRAMMAR, items);
  if (last === undefined) return undefined;
  const { params, annotations, resources } = items;
  warnDuplicates(cursor, params, "parameter");
  return { kind: "component", first, last, name, params, annotations, resources };
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
  const items: UseItems = { head: first, goal: useGoal, args: [] };
  if (component === undefined || !cursor.expectWord("as", goalOf(cursor, items))) return undefined;
  const instance = parseAddressName(cursor, "the instance");
  if (instance === undefined) return undefined;
  const last = parseBody(cursor, USE_GRAMMAR, items);
  if (last === undefined) return undefined;
  const { args } = items;
  warnDuplicates(cursor, args, "argument");
  return { kind: "use", first, last, component, instance, args };
}

function useGoal(cursor: Cursor, head: TokenIndex): string {
  return `the use of ${cursor.text(head + 1)}`;
}
