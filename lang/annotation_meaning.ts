import type { Annotations } from "../engine/resource_config.ts";
import { readDuration } from "./annotation_meaning_duration.ts";
import { annotationContent } from "./annotation_meaning_text.ts";
import { type Finding, tokenExtent } from "./expand_findings.ts";
import { didYouMean, type ExpandWork, type Scope } from "./expand_scope.ts";
import { fieldName } from "./syntax_text.ts";
import type { AnnotationNode } from "./syntax_tree.ts";

/** The texts of `@lifecycle` that mean something, and `ephemeral`, which says it to people only. */
const LIFECYCLES: readonly string[] = ["prevent_destroy", "retain", "ephemeral"];

const OPERATIONS: readonly string[] = ["create", "update", "delete"];
const FIELD_PATH_REGEXP =
  /^[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*(?:\.[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]*)?$/u;

const NO_TEXTS: readonly string[] = [];
const NO_ANNOTATIONS: Annotations = {
  intent: undefined,
  owner: undefined,
  constraints: NO_TEXTS,
  lifecycle: NO_TEXTS,
  isProtected: false,
  isRetained: false,
  ignoreChanges: NO_TEXTS,
  replaceTriggeredBy: NO_TEXTS,
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
    all.some((each) => each.name === name)
      ? all.filter((each) => each.name === name).map((each) => each.text)
      : NO_TEXTS;
  for (const each of all) check(work, scope, each);
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
    timeoutsMs: timeoutsOf(texts("timeout")),
  };
}

type TimeoutsMs = Annotations["timeoutsMs"];

/** Reports what means nothing. */
function check(work: ExpandWork, scope: Scope, annotation: Annotation): void {
  const finding = findingOf(annotation);
  if (finding === undefined) return;
  work.findings.report(scope.tree, tokenExtent(annotation.node.text), finding);
}

function findingOf({ name, text }: Annotation): Finding | undefined {
  if (name === "lifecycle" && !LIFECYCLES.includes(text)) return unknownLifecycle(text);
  if (name === "ignore_changes" && !FIELD_PATH_REGEXP.test(text)) return noField(text);
  return name === "timeout" && readTimeout(text) === undefined ? noTimeout(text) : undefined;
}

function unknownLifecycle(text: string): Finding {
  return {
    code: "W-LIFECYCLE",
    message: `Unknown lifecycle ${JSON.stringify(text)}${didYouMean(text, LIFECYCLES)}`,
    hint: `it has no effect; known are ${LIFECYCLES.join(", ")}`,
  };
}

function noField(text: string): Finding {
  return {
    code: "E-ANNOTATION",
    message: `Correct "@ignore_changes": expected "field" or "section.field", found ${JSON.stringify(text)}`,
  };
}

function noTimeout(text: string): Finding {
  const [operation = ""] = text.trim().split(/\s+/);
  return {
    code: "E-ANNOTATION",
    message: `Correct "@timeout": expected "create", "update" or "delete" and a time, found ${
      JSON.stringify(text)
    }${didYouMean(operation, OPERATIONS)}`,
    hint: 'for example "create 10m"; units are ms, s, m and h, up to 24h',
  };
}

/** The last of two times for one operation counts. */
function timeoutsOf(texts: readonly string[]): TimeoutsMs {
  return Object.assign({}, ...texts.map(readTimeout));
}

/** Reads `create 10m`. */
function readTimeout(text: string): TimeoutsMs | undefined {
  const [operation = "", duration = "", ...rest] = text.trim().split(/\s+/);
  const milliseconds = rest.length === 0 ? readDuration(duration) : undefined;
  if (milliseconds === undefined || !OPERATIONS.includes(operation)) return undefined;
  return { [operation]: milliseconds };
}
