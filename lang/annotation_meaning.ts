import type { Annotations } from "../engine/resource_config.ts";
import { readDuration } from "./annotation_meaning_duration.ts";
import { annotationContent } from "./annotation_meaning_text.ts";
import type { Finding } from "./expand_findings.ts";
import { didYouMean, type ExpandWork, type Scope } from "./expand_scope.ts";
import { fieldName } from "./syntax_text.ts";
import type { AnnotationNode } from "./syntax_tree.ts";

/** The texts of `@lifecycle` that mean something, and `ephemeral`, which says it to people only. */
const LIFECYCLES: readonly string[] = ["prevent_destroy", "retain", "ephemeral"];

const NO_ANNOTATIONS: Annotations = {
  intent: undefined,
  owner: undefined,
  constraints: [],
  lifecycle: [],
  isProtected: false,
  isRetained: false,
  ignoreChanges: [],
  replaceTriggeredBy: [],
  timeoutsMs: {},
};

/** One annotation of a resource: its name, its text with interpolation done, and where it stands. */
interface Annotation {
  readonly name: string;
  readonly text: string;
  readonly node: AnnotationNode;
}

/** What the annotations of a resource say in `scope`. `replaceTriggeredBy` holds the texts as written. */
export function readAnnotations(
  work: ExpandWork,
  scope: Scope,
  nodes: readonly AnnotationNode[],
): Annotations {
  if (nodes.length === 0) return NO_ANNOTATIONS;
  const all = nodes.map((node) => ({
    name: fieldName(scope.tree, node),
    text: annotationContent(work, scope, node),
    node,
  }));
  const texts = (name: string): readonly string[] =>
    all.filter((each) => each.name === name).map((each) => each.text);
  const check = new AnnotationCheck(work, scope);
  all.forEach((each) => check.look(each));
  const lifecycle = texts("lifecycle");
  return {
    intent: texts("intent")[0],
    owner: texts("owner")[0],
    constraints: texts("constraint"),
    lifecycle,
    isProtected: lifecycle.includes("prevent_destroy"),
    isRetained: lifecycle.includes("retain"),
    ignoreChanges: texts("ignore_changes"),
    replaceTriggeredBy: texts("replace_triggered_by"),
    timeoutsMs: check.timeoutsMs,
  };
}

class AnnotationCheck {
  readonly #work: ExpandWork;
  readonly #scope: Scope;
  timeoutsMs: Annotations["timeoutsMs"] = {};

  constructor(work: ExpandWork, scope: Scope) {
    this.#work = work;
    this.#scope = scope;
  }

  look(annotation: Annotation): void {
    if (annotation.name === "lifecycle") this.#lookAtLifecycle(annotation);
    if (annotation.name === "ignore_changes") this.#lookAtField(annotation);
    if (annotation.name === "timeout") this.#readTimeout(annotation);
  }

  #lookAtLifecycle({ text, node }: Annotation): void {
    if (LIFECYCLES.includes(text)) return;
    this.#report(node, {
      code: "W-LIFECYCLE",
      message: `Unknown lifecycle "${text}"${didYouMean(text, LIFECYCLES)}`,
      hint: `it has no effect; known are ${LIFECYCLES.join(", ")}`,
    });
  }

  #lookAtField({ text, node }: Annotation): void {
    if (
      /^[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*(?:\.[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*)?$/u.test(text)
    ) {
      return;
    }
    this.#report(node, {
      code: "E-ANNOTATION",
      message: `Correct "@ignore_changes": expected "field" or "section.field", found ${
        JSON.stringify(text)
      }`,
    });
  }

  #readTimeout({ text, node }: Annotation): void {
    const [operation = "", duration = "", ...rest] = text.trim().split(/\s+/);
    const milliseconds = rest.length === 0 ? readDuration(duration) : undefined;
    const isOperation = operation === "create" || operation === "update" || operation === "delete";
    if (isOperation && milliseconds !== undefined) {
      this.timeoutsMs = { ...this.timeoutsMs, [operation]: milliseconds };
      return;
    }
    const near = didYouMean(operation, ["create", "update", "delete"]);
    this.#report(node, {
      code: "E-ANNOTATION",
      message: `Correct "@timeout": expected "create", "update" or "delete" and a time, found ${
        JSON.stringify(text)
      }${isOperation ? "" : near}`,
      hint: 'for example "create 10m"; units are ms, s, m and h, up to 24h',
    });
  }

  #report(node: AnnotationNode, finding: Finding): void {
    this.#work.findings.report(this.#scope.tree, { first: node.text, last: node.text }, finding);
  }
}
