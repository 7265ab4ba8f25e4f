import type {
  AnnotationNode,
  CountNode,
  Declaration,
  EntryNode,
  FieldNode,
  ForEachNode,
  NeedsNode,
  OverrideNode,
  ParamNode,
  SectionNode,
  TokenIndex,
  UnsetNode,
  ValueNode,
} from "./syntax_tree.ts";

/** Anything that stands as one of several in a file, a body, a list or a record. */
export type ItemNode =
  | Declaration
  | AnnotationNode
  | ForEachNode
  | CountNode
  | NeedsNode
  | SectionNode
  | FieldNode
  | OverrideNode
  | UnsetNode
  | ParamNode
  | EntryNode
  | ValueNode;

/** The brackets around the items of a node. */
export interface Block {
  readonly opener: TokenIndex;
  readonly closer: TokenIndex;
}

/** The brackets of an item that has items itself; for a field those of its value. */
export function blockOf(item: ItemNode): Block | undefined {
  switch (item.kind) {
    case "resource":
      return { opener: item.type.last + 1, closer: item.last };
    case "layer":
      return { opener: item.base + 1, closer: item.last };
    case "component":
    case "section":
      return { opener: item.name + 1, closer: item.last };
    case "use":
      return { opener: item.instance + 1, closer: item.last };
    case "override":
      return { opener: item.pattern.last + 1, closer: item.last };
    case "array":
    case "record":
      return { opener: item.first, closer: item.last };
    case "field":
    case "entry":
    case "for_each":
      return blockOf(item.value);
    case "param":
      return item.default && blockOf(item.default);
    default:
      return undefined;
  }
}
