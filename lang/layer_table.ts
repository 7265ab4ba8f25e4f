import { formatOrigin, originOf, tokenExtent } from "./expand_findings.ts";
import { didYouMean, type ExpandContext, type LayerChain } from "./expand_scope.ts";
import type { Findings } from "./expand_findings.ts";
import { readPattern } from "./layer_pattern.ts";
import { type ActiveOverride, patternText } from "./layer_stack.ts";
import { nameText } from "./syntax_text.ts";
import type { LayerNode, SyntaxTree } from "./syntax_tree.ts";

/** What the files themselves are in a chain of layers; it need not be declared. */
const BASE_NAME = "base";

/** What finding the layers takes. */
type LayerWork = Pick<ExpandContext, "environment" | "layers"> & { readonly findings: Findings };

interface Layer {
  readonly tree: SyntaxTree;
  readonly node: LayerNode;
  readonly name: string;
  readonly base: string;
}

/** The overrides of the layers that the chain names, in the order in which they apply. */
export function activeOverrides(
  work: LayerWork,
  trees: readonly SyntaxTree[],
): readonly ActiveOverride[] {
  const layers = layerTable(work, trees);
  const chain = work.layers;
  refuseUnknown(work, chain, layers);
  return chain.names.flatMap(({ name }, position) => {
    const layer = layers.get(name);
    if (layer === undefined) return [];
    warnOfBase(work, layer, { before: chain.names.slice(0, position).map((each) => each.name), layers });
    return overridesOf(work, layer);
  });
}

function layerTable(work: LayerWork, trees: readonly SyntaxTree[]): ReadonlyMap<string, Layer> {
  const table = new Map<string, Layer>();
  for (const tree of trees) {
    for (const node of tree.declarations) {
      if (node.kind !== "layer") continue;
      const name = nameText(tree, node.name);
      const other = table.get(name);
      if (other === undefined) table.set(name, { tree, node, name, base: nameText(tree, node.base) });
      else {
        work.findings.report(tree, tokenExtent(node.name), {
          code: "E-DUP-LAYER",
          message: `Duplicate layer "${name}": the other one is at ${
            formatOrigin(originOf(other.tree, other.node.name))
          }`,
        });
      }
    }
  }
  return table;
}

/** A name that no file declares is legal where a layer stands over it: it then means the files as they are. */
function refuseUnknown(
  work: LayerWork,
  { source, names }: LayerChain,
  layers: ReadonlyMap<string, Layer>,
): void {
  const known = new Set([BASE_NAME, ...layers.keys(), ...[...layers.values()].map((layer) => layer.base)]);
  for (const { name, span } of names) {
    if (known.has(name)) continue;
    work.findings.reportIn(source, span, {
      code: "E-UNKNOWN-LAYER",
      message: `Unknown layer "${name}" in the environment "${work.environment}"${
        didYouMean(name, layers.keys())
      }`,
      hint: layers.size === 0 ? "no file declares a layer" : undefined,
    });
  }
}

/** What a layer is said to stand over has no effect of its own, so that it may well say something else than the chain. */
function warnOfBase(
  work: LayerWork,
  { tree, node, name, base }: Layer,
  found: { readonly before: readonly string[]; readonly layers: ReadonlyMap<string, Layer> },
): void {
  const isFiles = base === BASE_NAME && !found.layers.has(base);
  if (isFiles || found.before.includes(base)) return;
  work.findings.report(tree, tokenExtent(node.base), {
    code: "W-LAYER-BASE",
    message:
      `The layer "${name}" stands over "${base}", which is not before it in the layers of "${work.environment}"`,
    hint:
      `only the list "layers" in smelt.toml says what applies: put "${base}" before "${name}" there, if it should`,
  });
}

function overridesOf(work: LayerWork, { tree, node, name }: Layer): readonly ActiveOverride[] {
  return node.overrides.flatMap((override) => {
    const means = readPattern(tree, override.pattern);
    if (means !== undefined) return [{ tree, node: override, layer: name, means }];
    work.findings.report(tree, override.pattern, {
      code: "W-OVERRIDE-NO-MATCH",
      message: `The override of ${patternText(tree, override)} in the layer "${name}" means no resource`,
      hint: 'a pattern is kind.name, such as web.* for all of the kind "web", or * alone for all resources',
    });
    return [];
  });
}
