/**
 * Prints the milliseconds that the first work of its kind takes in this process: `cold_syntax.ts WORK FILE`. Reading the
 * file is not counted. `budgets.ts` starts it.
 */
import { hasErrors } from "../lang/diagnostic.ts";
import { format } from "../lang/format.ts";
import { formatSource } from "../lang/format_source.ts";
import { parse } from "../lang/parse.ts";
import { type SourceText, sourceText } from "../lang/source_text.ts";

/** What is measured; each answers whether the file was as it should be. */
const WORK: ReadonlyMap<string, (source: SourceText) => boolean> = new Map([
  ["parse", (source) => !hasErrors(parse(source).diagnostics)],
  ["format", (source) => format(parse(source).tree) === source.text],
  ["format-checked", (source) => formatSource(source).ok],
]);

const [name = "", file = ""] = Deno.args;
const work = WORK.get(name);
const text = Deno.readTextFileSync(file);
const startMs = performance.now();
const isGood = work?.(sourceText(file, text)) === true;
const tookMs = performance.now() - startMs;
if (!isGood) {
  throw new Error(`Cannot measure "${name}" of "${file}": expected a valid file in canonical form`);
}
Deno.stdout.writeSync(new TextEncoder().encode(String(tookMs)));
