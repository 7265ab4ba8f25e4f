import { type Address, formatAddress } from "../engine/address.ts";
import { unknownArguments, useArguments } from "./component_arguments.ts";
import type { Component, ComponentUse } from "./component_table.ts";
import { type ComponentInstance, expandResource, type ResourceGroup } from "./expand_resource.ts";
import { type Argument, type ExpandWork, unreadEnv } from "./expand_scope.ts";
import { LayerStack } from "./layer_stack.ts";
import { unreadSecret } from "./secret_source.ts";
import { nameText, resourceKind } from "./syntax_text.ts";

/** Makes the resources of one use of a component. */
export function expandUse(work: ExpandWork, use: ComponentUse): readonly ResourceGroup[] {
  return expandComponent(work, use.component, { instance: use.instance, params: useArguments(work, use) });
}

/**
 * Makes the resources of a component that is never used, with nothing known from outside, so that mistakes in it are
 * found. They are checked and thrown away.
 */
export function expandUnused(work: ExpandWork, component: Component): readonly ResourceGroup[] {
  const blind = { ...work, env: unreadEnv, secret: unreadSecret, overrides: new LayerStack([]) };
  return expandComponent(blind, component, {
    instance: component.name,
    params: unknownArguments(blind, component),
  });
}

function expandComponent(
  work: ExpandWork,
  { tree, node }: Component,
  use: { readonly instance: string; readonly params: ReadonlyMap<string, Argument> },
): readonly ResourceGroup[] {
  const scope = { tree, params: use.params, each: undefined };
  const component: ComponentInstance = { name: use.instance, members: membersOf({ tree, node }) };
  return node.resources.map((resource) => expandResource(work, { node: resource, scope, component }));
}

function membersOf({ tree, node }: Pick<Component, "tree" | "node">): ReadonlySet<Address> {
  return new Set(
    node.resources.map((resource) =>
      formatAddress({ kind: resourceKind(tree, resource), name: nameText(tree, resource.name) })
    ),
  );
}
