import { nearName } from "../engine/near_name.ts";
import { type Diagnostic, diagnostic } from "./diagnostic.ts";
import { nameText } from "./syntax_text.ts";
import { spanOf, type SyntaxTree } from "./syntax_tree.ts";

/**
 * Warns of the layers that do nothing anywhere. `named` holds the names of the layers of each environment, by the name of the
 * environment; all environments of the project must be in it.
 */
export function unusedLayers(
  trees: readonly SyntaxTree[],
  named: ReadonlyMap<string, readonly string[]>,
): readonly Diagnostic[] {
  const layers = trees.flatMap((tree) =>
    tree.declarations.flatMap((node) =>
      node.kind === "layer" ? [{ tree, token: node.name, name: nameText(tree, node.name) }] : []
    )
  );
  const used = new Set([...named.values()].flat());
  const declared = new Set(layers.map((each) => each.name));
  const missing = [...used].filter((name) => !declared.has(name));
  return layers.filter(({ name }) => !used.has(name)).map(({ tree, token, name }) => {
    const near = nearName(name, missing);
    return diagnostic(tree.source, spanOf(tree, { first: token, last: token }), {
      code: "W-LAYER-UNUSED",
      message: `No environment names the layer "${name}"${
        near === undefined ? "" : `: did you mean "${near}", as "${environmentOf(near, named)}" has it?`
      }`,
      hint: near === undefined
        ? `add "${name}" to the list "layers" of an environment in smelt.toml`
        : undefined,
    });
  });
}

/** The first environment that names a layer. */
function environmentOf(layer: string, named: ReadonlyMap<string, readonly string[]>): string {
  return [...named].find(([, names]) => names.includes(layer))?.[0] ?? "";
}
