import { type SourceToken, sourceTokens } from "./source_tokens.ts";

/** One import of a module. `specifier` is `undefined` where it is computed, so that nobody can tell what is meant. */
export interface SourceImport {
  readonly specifier: string | undefined;
  /** Counts from 1. */
  readonly line: number;
}

/** Lists every import of `text`: statements, re-exports, `import()` as value and as type. */
export function sourceImports(text: string): readonly SourceImport[] {
  const tokens = sourceTokens(text);
  return tokens.flatMap((token, index) => {
    if (token.kind !== "word" || isPropertyName(tokens, index)) return [];
    if (token.text === "import") return importAt(tokens, index);
    if (token.text === "export") return reexportAt(tokens, index);
    return [];
  });
}

function importAt(tokens: readonly SourceToken[], index: number): readonly SourceImport[] {
  const [keyword, next, argument, after] = tokens.slice(index, index + 4);
  if (keyword === undefined || next === undefined || next.text === ".") return [];
  if (next.kind === "string") return [{ specifier: next.text, line: keyword.line }];
  if (next.text !== "(" || next.kind !== "punctuation") return sourceAfterFrom(tokens, index);
  if (isMethod(tokens, index)) return [];
  const isLiteral = argument?.kind === "string" && (after?.text === ")" || after?.text === ",");
  return [{ specifier: isLiteral ? argument.text : undefined, line: keyword.line }];
}

function reexportAt(tokens: readonly SourceToken[], index: number): readonly SourceImport[] {
  const next = tokens[index + 1];
  const list = next?.text === "type" ? tokens[index + 2] : next;
  return list?.text === "{" || list?.text === "*" ? sourceAfterFrom(tokens, index) : [];
}

/** Reads on from a keyword to `from "…"`. The clause before it holds only names, braces, commas and a star. */
function sourceAfterFrom(tokens: readonly SourceToken[], index: number): readonly SourceImport[] {
  const keyword = tokens[index];
  for (let at = index + 1; at < tokens.length; at += 1) {
    const [before, token] = [tokens[at - 1], tokens[at]];
    if (token === undefined || keyword === undefined) return [];
    if (token.kind === "string" && before?.text === "from") {
      return [{ specifier: token.text, line: keyword.line }];
    }
    if (token.kind === "punctuation" && !"{},*".includes(token.text)) return [];
    if (before?.text === "}" && token.text !== "from") return [];
  }
  return [];
}

/** `x.import`, `{ import: … }` are names, not keywords. */
function isPropertyName(tokens: readonly SourceToken[], index: number): boolean {
  return tokens[index - 1]?.text === "." || tokens[index + 1]?.text === ":";
}

/** `import(id) {` and `import(id): …` declare a method of that name. */
function isMethod(tokens: readonly SourceToken[], index: number): boolean {
  const before = tokens[index - 1]?.text ?? "";
  if (!["{", "}", ";", ",", "async"].includes(before)) return false;
  let depth = 0;
  for (let at = index + 1; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind !== "punctuation") continue;
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    if (depth === 0) return [":", "{"].includes(tokens[at + 1]?.text ?? "");
  }
  return false;
}
