/**
 * What holds for every text whatever, as the tests of the language and the fuzzer ask for it. Each function throws where it
 * does not.
 */
import { invariant } from "../engine/invariant.ts";
import type { Need, ResourceConfig } from "../engine/resource_config.ts";
import { compareText } from "../engine/text_order.ts";
import { equalValues, mapValue, record, Unknown, type Value } from "../engine/value.ts";
import { isWhiteSpace } from "./character.ts";
import { type Diagnostic, hasErrors, renderDiagnostic } from "./diagnostic.ts";
import { expand } from "./expand.ts";
import { resourceLine } from "./expand_example.ts";
import { format } from "./format.ts";
import { parse, type Parsed } from "./parse.ts";
import type { WantedSecret } from "./secret_source.ts";
import { shownLine } from "./shown_line.ts";
import { lineText, type SourceText, sourceText } from "./source_text.ts";
import type { LayerChain } from "./expand_scope.ts";
import { nameText } from "./syntax_text.ts";
import { spanOf, type SyntaxTree } from "./syntax_tree.ts";
import { treeShape } from "./tree_shape.ts";

/** Checks all laws of one text; gives what was parsed. */
export function checkText(text: string): Parsed {
  const parsed = parse(sourceText("law.smelt", text));
  checkPieces(parsed.tree);
  checkDiagnostics(parsed);
  checkExtents(parsed.tree);
  if (!hasErrors(parsed.diagnostics)) {
    const formatted = checkFormat(parsed.tree);
    checkExpansion(parsed.tree, formatted);
  } else format(parsed.tree);
  return parsed;
}

/** Tokens, comments and white space make up the whole text, and the tokens are in order. */
export function checkPieces({ source, tokens, comments }: SyntaxTree): void {
  let [at, token, comment] = [0, 0, 0];
  while (token < tokens.count || comment < comments.count) {
    const isComment = (comments.starts[comment] ?? Infinity) < (tokens.starts[token] ?? Infinity);
    const [start, end] = isComment
      ? [comments.starts[comment] ?? 0, comments.ends[comment] ?? 0]
      : [tokens.starts[token] ?? 0, tokens.ends[token] ?? 0];
    if (isComment) invariant(comments.nextTokens[comment] === token, "a comment knows the token behind it");
    checkGap(source.text, at, start);
    at = end;
    if (isComment) comment++;
    else token++;
  }
  invariant(at === source.text.length, "the last token ends the text");
}

function checkGap(text: string, from: number, to: number): void {
  invariant(from <= to, "tokens and comments do not overlap");
  for (let at = from; at < to; at++) {
    invariant(isWhiteSpace(text.charCodeAt(at)), "only white space is in no token and no comment");
  }
}

/** Every diagnostic lies in the text, they are in its order, each says its line and column, and can be shown. */
export function checkDiagnostics({ tree: { source }, diagnostics }: Parsed): void {
  let before = 0;
  diagnostics.forEach((each, index) => {
    const { start, end } = each.span;
    invariant(before <= start, "diagnostics are in the order of the text");
    invariant(start <= end && end <= source.text.length, "a diagnostic lies in the text");
    before = start;
    checkPosition(source, each);
    invariant(renderDiagnostic(source, each).includes(each.message), "a diagnostic can be rendered");
    if (index > 4) return;
    const shown = shownLine(source, each.line, each.span);
    invariant(shown.length === lineText(source, each.line).length, "the line shown keeps its columns");
  });
}

function checkPosition(source: SourceText, { span, line, column }: Diagnostic): void {
  const above = source.text.slice(0, span.start);
  let lineNumber = 1;
  for (let at = above.indexOf("\n"); at !== -1; at = above.indexOf("\n", at + 1)) lineNumber++;
  invariant(line === lineNumber, "a diagnostic says its line");
  invariant(column === span.start - above.lastIndexOf("\n"), "a diagnostic says its column");
}

/** Declarations are in the order of the text and do not overlap. */
export function checkExtents(tree: SyntaxTree): void {
  let before = 0;
  for (const node of tree.declarations) {
    const { start, end } = spanOf(tree, node);
    invariant(before <= start && start < end, "declarations follow each other");
    before = end;
  }
}

/** Formatting keeps meaning and comments, is a fixed point, and leaves no white space at line ends; gives the new tree. */
export function checkFormat(before: SyntaxTree): SyntaxTree {
  const text = format(before);
  const { tree, diagnostics } = parse(sourceText(before.source.file, text));
  invariant(!hasErrors(diagnostics), "the formatted text has no errors");
  invariant(equalValues(treeShape(tree), treeShape(before)), "formatting keeps the meaning");
  invariant(equalTexts(commentTexts(tree), commentTexts(before)), "formatting keeps every comment");
  invariant(format(tree) === text, "formatting again changes nothing");
  for (let token = 0; token < tree.tokens.count; token++) {
    const gap = text.slice(tree.tokens.ends[token - 1] ?? 0, tree.tokens.starts[token]);
    invariant(gap.includes("#") || !/[ \t]\n/.test(gap), "no line ends in white space");
  }
  return tree;
}

/** The comments of a file, sorted. */
export function commentTexts({ source, comments }: SyntaxTree): readonly string[] {
  return Array.from(comments.starts, (start, index) => source.text.slice(start, comments.ends[index]))
    .sort(compareText);
}

function equalTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index]);
}

/** Expansion is the same each time; a formatted file wants the same as the file that it was made of. */
export function checkExpansion(tree: SyntaxTree, formatted: SyntaxTree): void {
  const first = wanted(tree);
  const again = wanted(tree);
  invariant(equalWanted(first, again), "expansion is the same each time");
  invariant(equalTexts(first.found, again.found), "expansion says the same each time");
  invariant(equalWanted(first, wanted(formatted)), "a formatted file wants the same");
}

interface Wanted {
  readonly resources: readonly ResourceConfig[];
  readonly found: readonly string[];
}

function wanted(tree: SyntaxTree): Wanted {
  const { desired, diagnostics } = expand([tree], {
    environment: "default",
    env: readEnv,
    secret: readSecret,
    variables: VARIABLES,
    layers: allLayers(tree),
  });
  for (const { span } of diagnostics) {
    invariant(span.start <= span.end && span.end <= tree.source.text.length, "a finding lies in the text");
  }
  return {
    resources: desired.resources,
    found: diagnostics.map((each) => `${each.code} ${each.line}:${each.column} ${each.message}`),
  };
}

const VARIABLES = new Map([["region", "north"], ["y", "why"], ["__proto__", "p"]]);

/** All layers that the file declares, in an order that formatting does not change. */
function allLayers(tree: SyntaxTree): LayerChain {
  const names = tree.declarations.filter((each) => each.kind === "layer").map((each) =>
    nameText(tree, each.name)
  );
  const span = { start: 0, end: 0 };
  return {
    names: [...new Set(names)].sort(compareText).map((name) => ({ name, span })),
    source: tree.source,
  };
}

/** Places apart, which formatting moves, and the order of needs that cannot go to one place. */
function equalWanted(left: Wanted, right: Wanted): boolean {
  return left.found.length === right.found.length && left.resources.length === right.resources.length &&
    left.resources.every((resource, index) => {
      const other = right.resources[index];
      return other !== undefined && resource.address === other.address && resource.type === other.type &&
        equalValues(known(resource.fields), known(other.fields)) &&
        equalTexts(needLines(resource), needLines(other)) &&
        equalTexts(arrivalLines(resource), arrivalLines(other)) && noteLine(resource) === noteLine(other);
    });
}

/** An unknown equals nothing; its name does. */
function known(value: Value): Value {
  return mapValue(value, (leaf) => leaf instanceof Unknown ? `unknown ${leaf.address}` : leaf);
}

function needLines(resource: ResourceConfig): readonly string[] {
  return resource.needs.map((need) => needLine(resource, need)).sort(compareText);
}

function needLine(resource: ResourceConfig, need: Need): string {
  return resourceLine({ ...resource, fields: record(), needs: [need] });
}

/** For each place what arrives there, in order; a bare name may mean the field of that name in any section. */
function arrivalLines(resource: ResourceConfig): readonly string[] {
  const bindings = resource.needs.map((need) => need.binding);
  const bareNames = new Set(bindings.flatMap((each) => each?.kind === "name" ? [each.field] : []));
  const arrivals = resource.needs.flatMap((need) =>
    placesOf(need, bareNames).map((place) => ({ place, line: needLine(resource, need) }))
  );
  return [...Map.groupBy(arrivals, (each) => each.place)]
    .map(([place, there]) => JSON.stringify([place, there.map((each) => each.line)]))
    .sort(compareText);
}

function placesOf({ binding }: Need, bareNames: ReadonlySet<string>): readonly string[] {
  if (binding === undefined) return [];
  if (binding.kind === "name") return [binding.field];
  const { section, field } = binding.path;
  return [`${section}.${field}`, ...(bareNames.has(field) ? [field] : [])];
}

/** What the annotations say, the names and texts in one line. */
function noteLine({ annotations }: ResourceConfig): string {
  return JSON.stringify(annotations);
}

/** Tells all that it was asked, so that a place that formatting moved would be seen. */
function readSecret({ source }: WantedSecret): string {
  return JSON.stringify(source);
}

function readEnv(name: string): string | undefined {
  return name === "H" ? "here" : undefined;
}
