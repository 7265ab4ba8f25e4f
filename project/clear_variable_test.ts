import { deepStrictEqual } from "node:assert/strict";
import { parse } from "../lang/parse.ts";
import { sourceText } from "../lang/source_text.ts";
import { clearVariables } from "./clear_variable.ts";

function foundIn(text: string): readonly string[] {
  const { tree } = parse(sourceText("a.smelt", text));
  return clearVariables(tree).map(({ name, origin }) => `${name} ${origin}`);
}

Deno.test("E10: clearVariables() finds variables that are secrets by their names, in values and in texts", () => {
  const text = `resource a "b" : x.y.Z { # env("COMMENT_TOKEN")
  a = env("DB_PASSWORD")
  b = "x \${env(\\"API_KEY\\")} \${env('githubToken', 'none')}"
  c = [env ( "AWS_SECRET_ACCESS_KEY" ), env("REGION"), env("PASSAGE"), env("MONKEY"), env("DB_PASS")]
  d = secret_env("OTHER_PASSWORD")
}
`;
  deepStrictEqual(foundIn(text), [
    "DB_PASSWORD a.smelt:2:7",
    "API_KEY a.smelt:3:12",
    "githubToken a.smelt:3:32",
    "AWS_SECRET_ACCESS_KEY a.smelt:4:8",
    "DB_PASS a.smelt:4:87",
  ]);
});
