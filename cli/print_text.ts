import type { CliContext } from "./context.ts";
import { line } from "./text.ts";

/** Prints a text that is the result itself: byte for byte for scripts and files, inert where people look at it. */
export function printText({ printer }: CliContext, text: string): void {
  if (printer.isOutTerminal) printer.out(text.replace(/\n$/, "").split("\n").map((each) => line(each)));
  else printer.exact(text);
}
