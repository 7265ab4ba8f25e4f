import type { Findings } from "./expand_findings.ts";
import { fieldName } from "./syntax_text.ts";
import type { SyntaxTree } from "./syntax_tree.ts";

/** What describes a component or a layer to people; every other annotation is about a resource. */
const DESCRIBING: readonly string[] = ["intent", "owner"];

/** Warns of annotations of components and layers that only a resource can have: they would protect and check nothing. */
export function reportIdleAnnotations(findings: Findings, trees: readonly SyntaxTree[]): void {
  for (const tree of trees) {
    for (const node of tree.declarations) {
      if (node.kind !== "component" && node.kind !== "layer") continue;
      for (const annotation of node.annotations) {
        const name = fieldName(tree, annotation);
        if (DESCRIBING.includes(name)) continue;
        findings.report(tree, annotation, {
          code: "W-ANNOTATION",
          message: `"@${name}" has no effect on a ${node.kind}`,
          hint: node.kind === "component"
            ? "write it in each resource that it is meant for"
            : "write it in the resources themselves: layers change fields only",
        });
      }
    }
  }
}
