import { doesNotMatch, match, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { SecretRegister } from "../engine/secret_register.ts";
import { anyText } from "../tests/support/any_text.ts";
import { fakeContext } from "../tests/support/fake_context.ts";
import { inert } from "./inert.ts";
import { Printer } from "./printer.ts";
import { line, span, type Style } from "./text.ts";

const ESC = "\x1b";
const CODES_REGEXP = new RegExp(`${ESC}\\[\\d+m`, "g");
const ACTIVE_REGEXP = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

Deno.test("inert() shows every C0 and C1 control, bidirectional, zero-width and tag character as its escape", () => {
  const ranges = [
    [0x00, 0x1f],
    [0x7f, 0x9f],
    [0xad, 0xad],
    [0x34f, 0x34f],
    [0x61c, 0x61c],
    [0x115f, 0x1160],
    [0x180b, 0x180f],
    [0x200b, 0x200f],
    [0x2028, 0x202e],
    [0x2060, 0x206f],
    [0x3164, 0x3164],
    [0xd800, 0xdfff],
    [0xfe00, 0xfe0f],
    [0xfeff, 0xfeff],
    [0xfff9, 0xfffb],
    [0xe0000, 0xe0fff],
  ] as const;
  for (const [first, last] of ranges) {
    for (let code = first; code <= last; code++) {
      match(inert(`a${String.fromCodePoint(code)}b`), /^a\\(?:[ntr]|u\{[0-9a-f]+\})b$/, code.toString(16));
    }
  }
});

Deno.test("inert() names line ends, tabs and the rest", () => {
  strictEqual(inert("a\nb\tc\rd\x1b[31m\u202e"), "a\\nb\\tc\\rd\\u{1b}[31m\\u{202e}");
});

Deno.test("inert() leaves what people write as it is", () => {
  const text = 'plain, ünïcödé, 日本語, Ελλάδα, العربية, 🚀, \\n, a-b_c.d["e"]';
  strictEqual(inert(text), text);
});

Deno.test("whatever is printed, nothing leaves but the printer's own codes and line ends", () => {
  const styles: readonly (Style | undefined)[] = [undefined, "bold", "dim", "red", "green", "magenta"];
  const text = fc.oneof(
    anyText,
    fc.string({
      unit: fc.constantFrom("\x1b", "[", "2", "J", "\x9b", "\n", "\u202e", "\u200b", "a", "\ud800"),
    }),
  );
  const anySpan = fc.record({ text, style: fc.constantFrom(...styles) });
  fc.assert(fc.property(fc.array(fc.array(anySpan, { maxLength: 3 }), { maxLength: 4 }), (lines) => {
    for (const noColor of [undefined, "1"]) {
      const context = fakeContext("terminal", [], noColor === undefined ? {} : { noColor });
      context.printer.out(lines);
      context.printer.err(lines);
      context.printer.redraw(0, lines);
      for (const each of lines) context.printer.ask(each);
      for (const text of [context.out.text, context.err.text]) {
        const data = text.replaceAll(CODES_REGEXP, "").replaceAll("\n", "");
        doesNotMatch(data, ACTIVE_REGEXP);
      }
      strictEqual(context.out.text.split("\n").length - 1, lines.length, "one line each");
      if (noColor !== undefined) doesNotMatch(context.out.text, new RegExp(ESC));
    }
  }));
});

Deno.test("Printer colours terminals only, and not with NO_COLOR, which counts when it is not empty", () => {
  const printed = (kind: "terminal" | "file", noColor: string | undefined) => {
    const { out } = fakeContext(kind);
    const { err } = fakeContext(kind);
    new Printer({ out, err }, new SecretRegister(), noColor).out([line(span("red", "red"), " plain")]);
    return out.text;
  };
  strictEqual(printed("terminal", undefined), "\x1b[31mred\x1b[0m plain\n");
  strictEqual(printed("terminal", ""), "\x1b[31mred\x1b[0m plain\n");
  strictEqual(printed("terminal", "1"), "red plain\n");
  strictEqual(printed("file", undefined), "red plain\n");
});
