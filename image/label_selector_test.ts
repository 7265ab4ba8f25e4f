import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { chooseDocument, parseLabelSelector } from "./label_selector.ts";

const TEXT = 'kind: Pod\nmetadata: {labels: {app: web, "example.com/tier": front, empty: ""}}\n';

function chosen(selector: string, text = TEXT): string {
  const parsed = parseLabelSelector(selector);
  if (!parsed.ok) return parsed.error;
  const found = chooseDocument(text, { start: 0, end: text.length }, parsed.value);
  return found.ok ? found.value : `${found.error.at}: ${found.error.message}`;
}

const CHOSEN = [
  "app=web",
  "app == web",
  "app!=db",
  "gone!=db",
  "app in (db, web)",
  "app notin (db,cache)",
  "gone notin (db)",
  "app",
  "!gone",
  "empty=",
  "example.com/tier=front,app in (web,x),!gone",
];
const LEFT = ["app=db", "app!=web", "gone", "!app", "app notin (web)", "app in (db)", "app=web,gone=x"];

Deno.test("chooseDocument() knows all forms of requirements, and wants all of them met", () => {
  deepStrictEqual(CHOSEN.map((each) => [each, chosen(each)]), CHOSEN.map((each) => [each, "chosen"]));
  deepStrictEqual(LEFT.map((each) => [each, chosen(each)]), LEFT.map((each) => [each, "left"]));
});

Deno.test("chooseDocument() leaves out what has no labels, and refuses a list and what cannot be read", () => {
  for (const text of ["", "a: 1\n", "- a\n", "metadata: {labels: [x]}\n", "metadata:\n"]) {
    strictEqual(chosen("app=web", text), "left");
  }
  strictEqual(
    chosen("app", "kind: PodList\nitems: []\n"),
    "0: it is a PodList, and --selector chooses documents: write its items as such",
  );
  strictEqual(
    chosen("app", "a: [\n"),
    "5: flow sequence in block collection must be sufficiently indented and end with a ]",
  );
});

Deno.test("parseLabelSelector() names the part that is no requirement", () => {
  for (const wrong of ["", "a=b=c", "app web", "a in b", "a in (", "-a=b", "a=b,,c"]) {
    match(chosen(wrong), /is no requirement, wanted key=value/);
  }
});
