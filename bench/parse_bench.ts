import { format } from "../lang/format.ts";
import { lex } from "../lang/lexer.ts";
import { parse } from "../lang/parse.ts";
import { sourceText } from "../lang/source_text.ts";
import { largeProject } from "./large_project.ts";

const text = largeProject(5000);
const source = sourceText("main.smelt", text);
const { tree } = parse(source);
const size = `5,000 resources, ${(text.length / 1e6).toFixed(1)} MB`;

Deno.bench(`lex ${size}`, { group: "syntax" }, () => {
  lex(source);
});
Deno.bench(`parse ${size}`, { group: "syntax", baseline: true }, () => {
  parse(source);
});
Deno.bench(`format ${size}`, { group: "syntax" }, () => {
  format(tree);
});
