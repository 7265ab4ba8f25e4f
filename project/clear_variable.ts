import { positionAt } from "../lang/source_text.ts";
import type { SyntaxTree } from "../lang/syntax_tree.ts";

/** An environment variable that is taken in clear, and that is a secret by its name. */
export interface ClearVariable {
  readonly name: string;
  /** `file:line:column`. */
  readonly origin: string;
}

/** `env("NAME")` in a value or in a text; `secret_env` is another word. */
const ENV_REGEXP = /\benv\s*\(\s*\\?["']([A-Za-z0-9_]+)\\?["']/g;

/** Names that people give to what nobody else may know. */
const SECRET_NAME_REGEXP =
  /PASS(WORD|WD|PHRASE)?(_|$)|SECRET|TOKEN|CREDENTIAL|PRIVATE_?KEY|(API|ACCESS)_?KEY/i;

/** What of a file goes in clear into whatever field it is given to, unless the field's type marks it as secret. */
export function clearVariables({ source, comments }: SyntaxTree): readonly ClearVariable[] {
  const isComment = (offset: number): boolean => {
    for (let index = 0; index < comments.count; index++) {
      if ((comments.starts[index] ?? 0) <= offset && offset < (comments.ends[index] ?? 0)) return true;
    }
    return false;
  };
  return [...source.text.matchAll(ENV_REGEXP)].flatMap((match) => {
    const [, name = ""] = match;
    if (!SECRET_NAME_REGEXP.test(name) || isComment(match.index)) return [];
    const { line, column } = positionAt(source, match.index);
    return [{ name, origin: `${source.file}:${line}:${column}` }];
  });
}
