import { Composer, type Document, isCollection, isPair, isScalar, Parser, type Scalar } from "yaml";
import { err, ok, type Result } from "../engine/result.ts";
import { IMAGE_SCHEMES, isImageUri } from "./image_uri.ts";
import { lineEnd, type TextRange } from "./yaml_documents.ts";

/** A text of a document that names an image still to be built, and which parts of the document are it. */
export interface YamlReference {
  /** As the document means it, for example `image://./app?bin=web`. */
  readonly text: string;
  readonly start: number;
  /** The first of them gives way to the image, the others go. */
  readonly ranges: readonly TextRange[];
}

/** Why a document cannot be read, and where; the message is the end of a sentence. */
export interface YamlFault {
  readonly at: number;
  readonly message: string;
}

/** A text of YAML that is none of these characters' is binary (YAML 1.2.2 section 5.1). */
// deno-lint-ignore no-control-regex -- they are what is looked for
const BINARY_REGEXP = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;
const STRING_TAGS: ReadonlySet<string> = new Set(["!", "tag:yaml.org,2002:str"]);

/**
 * Finds the references in one document of `text`: its values that are strings and begin with a scheme of images, never its keys.
 * A document that cannot hold one is not parsed, and so may be anything.
 */
export function yamlReferences(
  text: string,
  { end, start }: TextRange,
): Result<readonly YamlReference[], YamlFault> {
  const part = text.slice(start, end);
  const binary = BINARY_REGEXP.exec(part);
  if (binary !== null) return err({ at: start + binary.index, message: binaryMessage(binary[0]) });
  if (!mayHoldReference(part)) return ok([]);
  const documents = composed(part);
  if (!documents.ok) return err({ ...documents.error, at: start + documents.error.at });
  const found: YamlReference[] = [];
  for (const scalar of documents.value.flatMap(valuesOf)) {
    const reference = referenceOf(part, scalar);
    if (!reference.ok) return err({ ...reference.error, at: start + reference.error.at });
    if (reference.value !== undefined) found.push(moved(reference.value, start));
  }
  return ok(found);
}

/**
 * Parses a part of a text without what its texts could mean as numbers, dates or others. It is one document, or none; should the
 * parser see more, none is passed over.
 */
export function composed(part: string): Result<readonly Document[], YamlFault> {
  const composer = new Composer({
    logLevel: "silent",
    prettyErrors: false,
    schema: "failsafe",
    uniqueKeys: false,
  });
  const documents = [...composer.compose(new Parser().parse(part))];
  const [fault] = documents.flatMap(({ errors }) => errors);
  if (fault === undefined) return ok(documents);
  const message = fault.code === "RESOURCE_EXHAUSTION" ? "it is nested too deep" : sentenceEnd(fault.message);
  return err({ at: Math.min(fault.pos[0], part.length), message });
}

/** An escape could spell a scheme in other characters; nothing else can. */
function mayHoldReference(part: string): boolean {
  return IMAGE_SCHEMES.some((scheme) => part.includes(scheme)) || part.includes("\\");
}

function binaryMessage(character: string): string {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return `it is no text: it holds U+${code}`;
}

function sentenceEnd(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\.$/, "");
}

/** All scalars that are no keys, in the order of the text. */
function valuesOf(document: Document): readonly Scalar[] {
  const found: Scalar[] = [];
  const waiting: unknown[] = [document.contents];
  while (waiting.length > 0) {
    const node = waiting.pop();
    if (isPair(node)) waiting.push(node.value);
    else if (isCollection(node)) { for (const item of node.items.toReversed()) waiting.push(item); }
    else if (isScalar(node)) found.push(node);
  }
  return found;
}

function referenceOf(part: string, scalar: Scalar): Result<YamlReference | undefined, YamlFault> {
  const [start, end] = scalar.range ?? [0, 0];
  const isBlock = scalar.type === "BLOCK_LITERAL" || scalar.type === "BLOCK_FOLDED";
  const value = typeof scalar.value === "string" ? scalar.value : "";
  if (!isImageUri(value)) return ok(undefined);
  if (scalar.tag !== undefined && !STRING_TAGS.has(scalar.tag)) {
    return err({ at: start, message: `"${value}" has the tag "${scalar.tag}", and only strings are images` });
  }
  return ok(
    isBlock
      ? { text: value.trimEnd(), start, ranges: blockRanges(part, start, end) }
      : { text: value, start, ranges: [{ start, end }] },
  );
}

/** The indicators of a block scalar, and its lines; a comment behind the indicators stays, and so do the blank lines after it. */
function blockRanges(part: string, start: number, end: number): readonly TextRange[] {
  const indicators = /^[|>][0-9+-]*/.exec(part.slice(start, end))?.[0].length ?? 1;
  const first = lineEnd(part, start);
  const last = first + part.slice(first, end).trimEnd().length;
  return [{ start, end: start + indicators }, { start: first, end: Math.min(lineEnd(part, last), end) }];
}

function moved({ ranges, start, text }: YamlReference, by: number): YamlReference {
  return {
    text,
    start: start + by,
    ranges: ranges.map((range) => ({ start: range.start + by, end: range.end + by })),
  };
}
