import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import { fakeContext } from "../tests/support/fake_context.ts";
import { reportThrown } from "./report_thrown.ts";
import { line, span } from "./text.ts";

const SECRET = 'a "very" secret\nword';

function knowing() {
  const context = fakeContext("terminal", [], {});
  context.ports.secrets.noteText(SECRET);
  return context;
}

Deno.test("P1: no known secret leaves by any way of the printer, in one span or over several, nor in JSON", () => {
  const { printer, out, err } = knowing();
  const lines = [
    line("it is ", span(SECRET, "red")),
    line('it is a "very', span('" secret\nword', "bold"), "!"),
  ];
  printer.out(lines);
  printer.err(lines);
  printer.redraw(0, lines);
  for (const each of lines) printer.ask(each);
  printer.machine(JSON.stringify({ [SECRET]: SECRET }));
  printer.machineErr(JSON.stringify([SECRET]));
  printer.exact(`is ${SECRET}\n`);
  for (const { text } of [out, err]) {
    doesNotMatch(text, /very|word/);
    match(text, /\(sensitive\)/);
  }
  strictEqual(out.lines.at(-2), '{"(sensitive)":"(sensitive)"}');
  strictEqual(out.lines.at(-1), "is (sensitive)");
});

Deno.test("P1: a line for people holds no credential that its surroundings give away", () => {
  const { printer, err } = knowing();
  printer.err([line("GET https://me:pw@host: Authorization: Bearer abc.123")]);
  strictEqual(err.text, "GET https://me:(sensitive)@host: Authorization: Bearer (sensitive)\n");
});

Deno.test("P1: echo() gives a text back as it was given in", () => {
  const { printer, out } = knowing();
  printer.echo(SECRET);
  strictEqual(out.text, SECRET);
});

Deno.test("reportThrown() shows no secret of what ended a command, as text or as JSON", () => {
  for (const args of [[], ["--json"]]) {
    const context = knowing();
    const thrown = new Error(`broke at ${SECRET}`, { cause: new Error(`within ${SECRET}`) });
    strictEqual(reportThrown(context, thrown, args), 1);
    match(context.out.text + context.err.text, /broke at \(sensitive\): within \(sensitive\)/);
    doesNotMatch(Deno.inspect(thrown), /very/);
  }
});
