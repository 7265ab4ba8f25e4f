/**
 * From trees to what they want in one environment: components, `for_each` and `count` are expanded, layers applied, `needs`
 * resolved. Pure: what the environment says comes in as a function.
 */
import type { DesiredConfig } from "../engine/resource_config.ts";
import { expandUnused, expandUse } from "./component_expand.ts";
import { type Component, componentTable, componentUses } from "./component_table.ts";
import { readStatements } from "./desired_statement.ts";
import { reportDuplicates } from "./desired_unique.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { Findings } from "./expand_findings.ts";
import { expandResource, RESOURCE_LIMIT, type ResourceGroup } from "./expand_resource.ts";
import { type ExpandContext, type ExpandWork, ResourceBudget } from "./expand_scope.ts";
import { reportIdleAnnotations } from "./idle_annotation.ts";
import { LayerStack } from "./layer_stack.ts";
import { activeOverrides } from "./layer_table.ts";
import { reportCycles } from "./needs_cycle.ts";
import { NeedsIndex } from "./needs_index.ts";
import { resolveNeeds } from "./needs_resolve.ts";
import { SecretPlaces } from "./secret_place.ts";
import type { SyntaxTree } from "./syntax_tree.ts";

/** What the files want, and what is wrong with them. With an error among the diagnostics `desired` is not whole. */
export interface Expansion {
  readonly desired: DesiredConfig;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Expands the files of a project, which the parser found no error in. `trees` are in the order in which they were read;
 * includes have been followed.
 */
export function expand(trees: readonly SyntaxTree[], context: ExpandContext): Expansion {
  const findings = new Findings();
  const overrides = new LayerStack(activeOverrides({ ...context, findings }, trees));
  const budget = new ResourceBudget(RESOURCE_LIMIT);
  const work: ExpandWork = { ...context, findings, overrides, budget, places: new SecretPlaces() };
  reportIdleAnnotations(findings, trees);
  const components = componentTable(work, trees);
  const { groups, unused } = expandDeclarations(work, trees, components);
  overrides.reportIdle(findings);
  reportDuplicates(work, groups);
  const index = new NeedsIndex(groups);
  const resolved = groups.map((group) => resolveNeeds(work, index, group));
  reportCycles(work, resolved);
  const statements = readStatements(work, trees, index);
  checkUnused(work, index, unused);
  const resources = resolved.flatMap((each) => each.resources);
  return {
    desired: {
      resources,
      moved: statements.moved,
      removed: statements.removed,
      imports: statements.imports,
      outputs: statements.outputs,
    },
    diagnostics: findings.list,
  };
}

/** All groups in the order of the files, a use in its place; and the components that no use names. */
function expandDeclarations(
  work: ExpandWork,
  trees: readonly SyntaxTree[],
  components: ReadonlyMap<string, Component>,
): { readonly groups: readonly ResourceGroup[]; readonly unused: readonly Component[] } {
  const uses = componentUses(work, trees, components);
  const unused = new Set(components.values());
  const groups: ResourceGroup[] = [];
  for (const tree of trees) {
    for (const node of tree.declarations) {
      if (node.kind === "resource") {
        const scope = { tree, params: undefined, each: undefined };
        groups.push(expandResource(work, { node, scope, component: undefined }));
      }
      const use = node.kind === "use" ? uses.get(node) : undefined;
      if (use === undefined) continue;
      unused.delete(use.component);
      groups.push(...expandUse(work, use));
    }
  }
  return { groups, unused: [...unused] };
}

/** Looks for mistakes in components that nothing uses; their resources are wanted by no one. */
function checkUnused(work: ExpandWork, index: NeedsIndex, unused: readonly Component[]): void {
  const groups = unused.flatMap((component) => expandUnused(work, component));
  groups.forEach((group) => index.add(group));
  reportDuplicates(work, groups);
  reportCycles(work, groups.map((group) => resolveNeeds(work, index, group)));
}
