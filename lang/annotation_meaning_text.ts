import { Unknown } from "../engine/value.ts";
import type { ExpandWork, Scope } from "./expand_scope.ts";
import { interpolate } from "./expand_text.ts";
import type { StringPart } from "./string_parts.ts";
import { annotationParts, annotationText } from "./syntax_text.ts";
import type { AnnotationNode } from "./syntax_tree.ts";

/**
 * The text of an annotation in `scope`. Only `each` inside an instance and `param` inside a component are put in; any
 * other `${…}` stays as it is written. Annotations are shown and stored in clear, so a secret in one reads `(sensitive)`.
 */
export function annotationContent(work: ExpandWork, scope: Scope, node: AnnotationNode): string {
  const text = annotationText(scope.tree, node);
  if (!text.includes("${")) return text;
  return annotationParts(scope.tree, node).map((part) => partText(work, scope, part)).join("");
}

function partText(work: ExpandWork, scope: Scope, part: StringPart): string {
  if (part.kind === "text") return part.text;
  const hasMeaning = part.kind === "each" ? scope.each !== undefined : scope.params !== undefined;
  const written = `\${${part.inner}}`;
  if (!hasMeaning) return written;
  const value = interpolate(work, scope, [part]);
  return value instanceof Unknown ? written : String(value);
}
