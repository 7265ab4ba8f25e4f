import { formatOrigin, originOf, tokenExtent } from "./expand_findings.ts";
import type { ExpandWork } from "./expand_scope.ts";
import { nameText } from "./syntax_text.ts";
import type { ComponentNode, SyntaxTree, UseNode } from "./syntax_tree.ts";

/** A component and the file that it stands in. */
export interface Component {
  readonly tree: SyntaxTree;
  readonly node: ComponentNode;
  readonly name: string;
}

/** All components by name. Order and file of declarations do not matter. */
export function componentTable(
  work: ExpandWork,
  trees: readonly SyntaxTree[],
): ReadonlyMap<string, Component> {
  const table = new Map<string, Component>();
  for (const tree of trees) {
    for (const node of tree.declarations) {
      if (node.kind !== "component") continue;
      const name = nameText(tree, node.name);
      const other = table.get(name);
      if (other === undefined) table.set(name, { tree, node, name });
      else {
        work.findings.report(tree, tokenExtent(node.name), {
          code: "E-DUP-COMPONENT",
          message: `Duplicate component "${name}": the other one is at ${
            formatOrigin(originOf(other.tree, other.node.name))
          }`,
        });
      }
    }
  }
  return table;
}

/** A use of a component that exists, under an instance name of its own. */
export interface ComponentUse {
  readonly tree: SyntaxTree;
  readonly node: UseNode;
  readonly instance: string;
  readonly component: Component;
}

/** All uses by their node; those of unknown components and of a name used before are reported and left out. */
export function componentUses(
  work: ExpandWork,
  trees: readonly SyntaxTree[],
  components: ReadonlyMap<string, Component>,
): ReadonlyMap<UseNode, ComponentUse> {
  const uses = new Map<UseNode, ComponentUse>();
  const instances = new Map<string, ComponentUse>();
  for (const tree of trees) {
    for (const node of tree.declarations) {
      if (node.kind !== "use") continue;
      const instance = nameText(tree, node.instance);
      const component = findComponent(work, components, { tree, node });
      if (component === undefined || !isNewInstance(work, instances.get(instance), { tree, node })) continue;
      const use = { tree, node, instance, component };
      instances.set(instance, use);
      uses.set(node, use);
    }
  }
  return uses;
}

interface PlacedUse {
  readonly tree: SyntaxTree;
  readonly node: UseNode;
}

function findComponent(
  work: ExpandWork,
  components: ReadonlyMap<string, Component>,
  { tree, node }: PlacedUse,
): Component | undefined {
  const name = nameText(tree, node.component);
  const component = components.get(name);
  if (component === undefined) {
    work.findings.report(tree, tokenExtent(node.component), {
      code: "E-UNKNOWN-COMPONENT",
      message: `Unknown component "${name}"${work.findings.suggestion(name, components.keys())}`,
    });
  }
  return component;
}

function isNewInstance(
  work: ExpandWork,
  other: ComponentUse | undefined,
  { tree, node }: PlacedUse,
): boolean {
  if (other === undefined) return true;
  work.findings.report(tree, tokenExtent(node.instance), {
    code: "E-DUP-INSTANCE",
    message: `Duplicate component instance "${other.instance}": the other one is at ${
      formatOrigin(originOf(other.tree, other.node.instance))
    }`,
  });
  return false;
}
