/** The rules S9 to S11 of tools/supply.ts, as functions of a file's path and text. */
import { isTestFile } from "./layer_breaches.ts";
import { LAYERS } from "./layer_table.ts";
import { sourceImports } from "./source_imports.ts";
import { type SourceToken, sourceTokens } from "./source_tokens.ts";
import { BANNED_BUILTINS, CRYPTO_PLACES, IMPORTED_NAMES } from "./supply_policy.ts";

/** Names each breach of S9 to S11 in one file of the program. Tests may use what they want. */
export function programBreaches(path: string, text: string): readonly string[] {
  if (!isProgram(path)) return [];
  const imports = sourceImports(text);
  const tokens = sourceTokens(text);
  return [
    ...imports.flatMap(({ specifier = "", line }) => builtinBreaches(path, specifier, line)),
    ...tokens.flatMap(({ line }, at) => {
      const made = codeMadeAt(tokens, at);
      return made === undefined ? [] : [`${path}:${line} uses ${made}, which runs what no gate has read`];
    }),
    ...placeBreaches(path, "crypto.subtle", linesOfSubtle(tokens)),
    ...namesImported(text).flatMap(({ from, names }) => nameBreaches(path, from, names)),
  ];
}

function isProgram(path: string): boolean {
  const top = path.split("/")[0] ?? "";
  const isLayer = top in LAYERS || !path.includes("/");
  return path.endsWith(".ts") && isLayer && !isTestFile(path) && !/\/_test_/.test(path);
}

function builtinBreaches(path: string, specifier: string, line: number): readonly string[] {
  if (BANNED_BUILTINS.includes(specifier)) return [`${path}:${line} imports ${specifier}`];
  return specifier === "node:crypto" ? placeBreaches(path, "node:crypto", [line]) : [];
}

function placeBreaches(path: string, what: keyof typeof CRYPTO_PLACES, lines: readonly number[]) {
  const places = CRYPTO_PLACES[what] ?? [];
  const isPlace = places.some((place) => place.endsWith("/") ? path.startsWith(place) : path === place);
  return isPlace
    ? []
    : lines.map((line) => `${path}:${line} uses ${what}, which only ${places.join(", ")} may`);
}

/** What makes code while the program runs: `eval(…)`, `new Function(…)`, `new Worker(…)`, `Deno.dlopen(…)`. */
function codeMadeAt(tokens: readonly SourceToken[], at: number): string | undefined {
  const [before, token, after] = [tokens[at - 1], tokens[at], tokens[at + 1]];
  if (token?.kind !== "word") return undefined;
  if (token.text === "eval" && after?.text === "(" && before?.text !== ".") return "eval";
  if (["Function", "Worker"].includes(token.text) && before?.text === "new") return `new ${token.text}`;
  return token.text === "dlopen" && before?.text === "." ? "dlopen" : undefined;
}

function linesOfSubtle(tokens: readonly SourceToken[]): readonly number[] {
  return tokens.flatMap(({ kind, text, line }, at) => {
    const isThat = kind === "word" && text === "subtle" && tokens[at - 2]?.text === "crypto";
    return isThat ? [line] : [];
  });
}

/** The names of each `import { … } from "package"`. */
function namesImported(
  text: string,
): readonly { readonly from: string; readonly names: readonly string[] }[] {
  return [...text.matchAll(/^import\s+(?:type\s+)?([^;]*?)\s+from\s+"([^"]+)";/gm)].map((
    [, clause = "", from = ""],
  ) => ({
    from,
    names: clause.replace(/^\{|\}$/g, "").split(",").map((name) =>
      name.replace(/^\s*(?:type\s+)?/, "").trim()
    )
      .filter((name) => name !== ""),
  }));
}

function nameBreaches(path: string, from: string, names: readonly string[]): readonly string[] {
  const allowed = IMPORTED_NAMES[from];
  if (allowed === undefined) return [];
  return names.filter((name) => !allowed.includes(name))
    .map((name) => `${path} imports "${name}" of ${from}: only ${allowed.join(", ")} may be`);
}
