import { isMap, isScalar } from "yaml";
import { err, ok, type Result } from "../engine/result.ts";
import type { TextRange } from "./yaml_documents.ts";
import { composed, type YamlFault } from "./yaml_references.ts";

/** What labels must be (Kubernetes, "Labels and Selectors"): all of it. */
export type LabelSelector = readonly LabelRequirement[];

/** `anyOf`: one of the values; `noneOf`: none of them, absent counts; without values it must be there, or must not. */
export type LabelRequirement =
  | { readonly kind: "anyOf" | "noneOf"; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: "present" | "absent"; readonly key: string };

const KEY = String.raw`(?:[A-Za-z0-9.-]{1,253}/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?`;
const VALUE = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?`;
const SET_REGEXP = new RegExp(
  String.raw`^\s*(${KEY})\s+(in|notin)\s*\(\s*(${VALUE}(?:\s*,\s*${VALUE})*)\s*\)\s*$`,
);
const EQUAL_REGEXP = new RegExp(String.raw`^\s*(${KEY})\s*(==?|!=)\s*(${VALUE})\s*$`);
const KEY_REGEXP = new RegExp(String.raw`^\s*(!?)\s*(${KEY})\s*$`);

/** Reads a selector as kubectl takes it; the error names the part that is none. */
export function parseLabelSelector(text: string): Result<LabelSelector, string> {
  const requirements: LabelRequirement[] = [];
  // A comma within brackets is no end.
  for (const part of text.split(/,(?![^(]*\))/)) {
    const requirement = parseRequirement(part);
    if (requirement === undefined) {
      return err(
        `"${part.trim()}" is no requirement, wanted key=value, key!=value, key in (a, b), key or !key`,
      );
    }
    requirements.push(requirement);
  }
  return ok(requirements);
}

function parseRequirement(part: string): LabelRequirement | undefined {
  const [, setKey, word, list = ""] = SET_REGEXP.exec(part) ?? [];
  if (setKey !== undefined) {
    const values = list.split(",").map((each) => each.trim());
    return { kind: word === "in" ? "anyOf" : "noneOf", key: setKey, values };
  }
  const [, equalKey, sign, value = ""] = EQUAL_REGEXP.exec(part) ?? [];
  if (equalKey !== undefined) {
    return { kind: sign === "!=" ? "noneOf" : "anyOf", key: equalKey, values: [value] };
  }
  const [, bang, key] = KEY_REGEXP.exec(part) ?? [];
  return key === undefined ? undefined : { kind: bang === "!" ? "absent" : "present", key };
}

/** Chooses one document of `text` that has such labels. One without an object has none, and is left. */
export function chooseDocument(
  text: string,
  { end, start }: TextRange,
  selector: LabelSelector,
): Result<"chosen" | "left", YamlFault> {
  const documents = composed(text.slice(start, end));
  if (!documents.ok) return err({ ...documents.error, at: start + documents.error.at });
  const root = documents.value[0]?.contents;
  if (!isMap(root)) return ok("left");
  const kind = root.get("kind");
  if (typeof kind === "string" && kind.endsWith("List") && root.has("items")) {
    const at = start + (root.range?.[0] ?? 0);
    return err({ at, message: `it is a ${kind}, and --selector chooses documents: write its items as such` });
  }
  const labels = root.getIn(["metadata", "labels"]);
  const held = new Map<string, string>();
  for (const { key, value } of isMap(labels) ? labels.items : []) {
    if (isScalar(key)) held.set(String(key.value), isScalar(value) ? String(value.value ?? "") : "");
  }
  const isAll = selector.every((requirement) => isMet(requirement, held.get(requirement.key)));
  return ok(isAll ? "chosen" : "left");
}

function isMet(requirement: LabelRequirement, value: string | undefined): boolean {
  switch (requirement.kind) {
    case "present":
      return value !== undefined;
    case "absent":
      return value === undefined;
    case "anyOf":
      return value !== undefined && requirement.values.includes(value);
    case "noneOf":
      return value === undefined || !requirement.values.includes(value);
  }
}
