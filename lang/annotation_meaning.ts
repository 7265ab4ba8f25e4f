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

/** What the annotations of a resource say in `scope`. */
export function readAnnotations(
  work: ExpandWork,
  scope: Scope,
  nodes: readonly AnnotationNode[],
): Annotations {
  if (nodes.length === 0) return NO_ANNOTATIONS;
  const notes = nodes.map((node) => {
    const name = fieldName(scope.tree, node);
    const text = annotationContent(work, scope, node);
    const finding = findingOf(name, text);
    if (finding !== undefined) work.findings.report(scope.tree, tokenExtent(node.text), finding);
    return { name, text };
  });
  return annotationsOf((name) => notes.filter((note) => note.name === name).map((note) => note.text));
}

/** Of `@intent` and `@owner` the first one counts, of two times for one operation the last. */
function annotationsOf(textsOf: (name: string) => readonly string[]): Annotations {
  const lifecycle = textsOf("lifecycle");
  const timeoutsMs: Annotations["timeoutsMs"] = {};
  for (const text of textsOf("timeout")) Object.assign(timeoutsMs, readTimeout(text));
  return {
    intent: textsOf("intent")[0],
    owner: textsOf("owner")[0],
    constraints: textsOf("constraint"),
    lifecycle,
    isProtected: lifecycle.includes("prevent_destroy"),
    isRetained: lifecycle.includes("retain"),
    ignoreChanges: textsOf("ignore_changes"),
    replaceTriggeredBy: textsOf("replace_triggered_by"),
    timeoutsMs,
  };
}

/** What is wrong with an annotation that means nothing. */
function findingOf(name: string, text: string): Finding | undefined {
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

/** Reads `create 10m`. */
function readTimeout(text: string): Annotations["timeoutsMs"] | undefined {
  const [operation = "", duration = "", ...rest] = text.trim().split(/\s+/);
  const milliseconds = rest.length === 0 ? readDuration(duration) : undefined;
  if (milliseconds === undefined || !OPERATIONS.includes(operation)) return undefined;
  return { [operation]: milliseconds };
}
