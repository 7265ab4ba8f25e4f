/**
 * The tree of one file. A node holds indices of tokens and no text; the accessors of `syntax_text.ts`, `string_parts.ts`
 * and `number_value.ts` read the text when it is asked for. A tree holds only whole nodes: an item with an error in its
 * form is reported and left out.
 */
import type { SourceText, Span } from "./source_text.ts";
import type { Comments, Tokens } from "./token.ts";

/** A file: its declarations in source order, and what they were read from. */
export interface SyntaxTree {
  readonly source: SourceText;
  readonly tokens: Tokens;
  readonly comments: Comments;
  readonly declarations: readonly Declaration[];
}

/** The index of a token in `SyntaxTree.tokens`. */
export type TokenIndex = number;

interface Node<Kind extends string> {
  readonly kind: Kind;
  /** The node's first token. */
  readonly first: TokenIndex;
  /** The node's last token, itself part of the node. */
  readonly last: TokenIndex;
}

/** The extent of any node. */
export type SyntaxNode = Node<string>;

export type Declaration =
  | ResourceNode
  | LayerNode
  | ComponentNode
  | UseNode
  | IncludeNode
  | MovedNode
  | RemovedNode
  | ImportNode
  | OutputNode;

/** `resource KIND "NAME" : provider.Type { … }`. The groups keep source order. */
export interface ResourceNode extends Node<"resource"> {
  /** Absent when the kind is left out; `resourceKind` then derives it from the type. */
  readonly label: TokenIndex | undefined;
  readonly name: TokenIndex;
  readonly type: TypePathNode;
  readonly annotations: readonly AnnotationNode[];
  readonly forEach: ForEachNode | undefined;
  readonly count: CountNode | undefined;
  readonly needs: readonly NeedsNode[];
  readonly sections: readonly SectionNode[];
  readonly fields: readonly FieldNode[];
}

/** `a.b.C`: identifiers joined by dots. */
export type TypePathNode = Node<"type">;

/** `layer "NAME" over "BASE" { … }` */
export interface LayerNode extends Node<"layer"> {
  readonly name: TokenIndex;
  readonly base: TokenIndex;
  readonly annotations: readonly AnnotationNode[];
  readonly overrides: readonly OverrideNode[];
}

/** `override PATTERN { … }` */
export interface OverrideNode extends Node<"override"> {
  readonly pattern: PatternNode;
  readonly unsets: readonly UnsetNode[];
  readonly sections: readonly SectionNode[];
  readonly fields: readonly FieldNode[];
}

/** `unset FIELD`, `unset SECTION` or `unset SECTION.FIELD` */
export interface UnsetNode extends Node<"unset"> {
  readonly section: TokenIndex | undefined;
  readonly name: TokenIndex;
}

/** Segments joined by dots, each a word with `*` as wildcard, or a quoted text. Read by `patternSegments`. */
export type PatternNode = Node<"pattern">;

/** `component "NAME" { … }` */
export interface ComponentNode extends Node<"component"> {
  readonly name: TokenIndex;
  readonly params: readonly ParamNode[];
  readonly annotations: readonly AnnotationNode[];
  readonly resources: readonly ResourceNode[];
}

/** `param NAME : TYPE = value` */
export interface ParamNode extends Node<"param"> {
  readonly name: TokenIndex;
  readonly type: TokenIndex;
  readonly default: ValueNode | undefined;
}

/** `use "COMPONENT" as "INSTANCE" { … }` */
export interface UseNode extends Node<"use"> {
  readonly component: TokenIndex;
  readonly instance: TokenIndex;
  readonly args: readonly FieldNode[];
}

/** `include "PATH"` */
export interface IncludeNode extends Node<"include"> {
  readonly path: TokenIndex;
}

/** `moved "SOURCE" to "TARGET"`: two addresses. */
export interface MovedNode extends Node<"moved"> {
  readonly source: TokenIndex;
  readonly target: TokenIndex;
}

/** `removed "ADDRESS"` */
export interface RemovedNode extends Node<"removed"> {
  readonly address: TokenIndex;
}

/** `import "PROVIDER-ID" to "ADDRESS"` */
export interface ImportNode extends Node<"import"> {
  readonly id: TokenIndex;
  readonly address: TokenIndex;
}

/** `output NAME = kind.name.field` */
export interface OutputNode extends Node<"output"> {
  readonly name: TokenIndex;
  readonly reference: ReferenceNode;
}

/** `@NAME "TEXT"` */
export interface AnnotationNode extends Node<"annotation"> {
  readonly name: TokenIndex;
  readonly text: TokenIndex;
}

/** `needs REFERENCE`, which only orders, or `needs REFERENCE -> BINDING`. */
export interface NeedsNode extends Node<"needs"> {
  readonly reference: ReferenceNode;
  readonly binding: BindingNode | undefined;
}

/** `kind.name`, `kind.name[key]`, `kind.name[*]`, each with an output path such as `.arn` behind it. */
export interface ReferenceNode extends Node<"reference"> {
  /** Kind and name; a lone segment is legal syntax and names nothing. */
  readonly target: readonly SegmentNode[];
  readonly index: IndexNode | undefined;
  /** The segments of the output, none for the provider's id. */
  readonly output: readonly SegmentNode[];
}

/** A word, with hyphens perhaps, or a quoted text. */
export type SegmentNode = Node<"segment">;

/** `["key"]`, `[0]`, or `[*]` for all instances. Read by `indexKey`. */
export interface IndexNode extends Node<"index"> {
  readonly all: boolean;
}

/** `field` or `section.field`. */
export interface BindingNode extends Node<"binding"> {
  readonly section: TokenIndex | undefined;
  readonly field: TokenIndex;
}

/** `for_each = [ … ]`, `for_each = { … }`, `for_each = param.x` */
export interface ForEachNode extends Node<"for_each"> {
  readonly value: ArrayNode | RecordNode | ParamRefNode;
}

/** `count = 3`, `count = param.n` */
export interface CountNode extends Node<"count"> {
  readonly value: IntegerNode | ParamRefNode;
}

/** `NAME { … }` */
export interface SectionNode extends Node<"section"> {
  readonly name: TokenIndex;
  readonly fields: readonly FieldNode[];
}

/** `NAME = value`; also an argument of `use`. */
export interface FieldNode extends Node<"field"> {
  readonly name: TokenIndex;
  readonly value: ValueNode;
}

export type ValueNode =
  | StringNode
  | IntegerNode
  | DecimalNode
  | BooleanNode
  | ArrayNode
  | RecordNode
  | SecretNode
  | SecretSourceNode
  | EnvNode
  | ParamRefNode
  | EachRefNode
  | VarRefNode;

/** A plain or block string, interpolated perhaps. Read by `stringParts`. */
export type StringNode = Node<"string">;

/** Read by `integerValue`. */
export type IntegerNode = Node<"integer">;

/** Read by `decimalValue`. */
export type DecimalNode = Node<"decimal">;

/** `true` or `false`. */
export interface BooleanNode extends Node<"boolean"> {
  readonly value: boolean;
}

/** `[a, b]` */
export interface ArrayNode extends Node<"array"> {
  readonly items: readonly ValueNode[];
}

/** `{ a = 1, "b c" = 2 }`; of equal keys the last one counts. */
export interface RecordNode extends Node<"record"> {
  readonly entries: readonly EntryNode[];
}

/** One key, an identifier or a string, and its value. */
export interface EntryNode extends Node<"entry"> {
  readonly name: TokenIndex;
  readonly value: ValueNode;
}

/** `secret("TEXT")` */
export interface SecretNode extends Node<"secret"> {
  readonly text: TokenIndex;
}

/** `secret_env("NAME")`, `secret_file("PATH")`, `secret_command("PROGRAM", "ARG", …)` */
export interface SecretSourceNode extends Node<"secret_source"> {
  readonly from: "env" | "file" | "command";
  /** Strings: one at least, and more than one for a command only. */
  readonly args: readonly TokenIndex[];
}

/** `env("NAME")`, `env("NAME", "DEFAULT")` */
export interface EnvNode extends Node<"env"> {
  readonly name: TokenIndex;
  readonly default: TokenIndex | undefined;
}

/** `param.NAME` */
export interface ParamRefNode extends Node<"param_ref"> {
  readonly name: TokenIndex;
}

/** `each.index`, `each.key`, `each.value`, `each.value.field` */
export interface EachRefNode extends Node<"each_ref"> {
  readonly of: "value" | "index" | "key";
  /** The fields behind `each.value`, identifiers. */
  readonly path: readonly TokenIndex[];
}

/** `var.NAME` */
export interface VarRefNode extends Node<"var_ref"> {
  readonly name: TokenIndex;
}

/** Where a node stands in the text. */
export function spanOf(
  tree: SyntaxTree,
  node: { readonly first: TokenIndex; readonly last: TokenIndex },
): Span {
  return { start: tree.tokens.starts[node.first] ?? 0, end: tree.tokens.ends[node.last] ?? 0 };
}
