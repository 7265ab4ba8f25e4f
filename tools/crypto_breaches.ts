/**
 * The gate of cryptography in the source, as a function of path and text.
 *   S9.  The program imports no built-in module for sockets, TLS, processes or code from strings.
 *   S10. WebCrypto and `node:crypto` are used only where keys and digests live.
 *   S11. Of a package that could do more, only what it is here for is imported.
 */
import { isTestFile } from "./layer_breaches.ts";
import { LAYERS } from "./layer_table.ts";
import { sourceImports } from "./source_imports.ts";
import { type SourceToken, sourceTokens } from "./source_tokens.ts";
import { BANNED_BUILTINS, CRYPTO_PLACES, IMPORTED_NAMES } from "./supply_policy.ts";

/** Names each breach of S9 to S11 in one file of the program. Tests may use what they want. */
export function cryptoBreaches(path: string, text: string): readonly string[] {
  if (!isProgram(path)) return [];
  const imports = sourceImports(text);
  const tokens = sourceTokens(text);
  return [
    ...imports.flatMap(({ specifier = "", line }) => builtinBreaches(path, specifier, line)),
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
