import type { ExampleMarker } from "./example_marker.ts";

/** What stands around an example that is no whole file. */
interface Wrapping {
  readonly before: readonly string[];
  readonly after: readonly string[];
  readonly indent: string;
}

const WRAPPINGS: Readonly<Record<ExampleMarker["form"], Wrapping>> = {
  file: { before: [], after: [], indent: "" },
  fragment: { before: ['resource data "example" : local.Data {'], after: ["}"], indent: "  " },
  values: {
    before: ['resource data "example" : local.Data {', "  input {"],
    after: ["  }", "}"],
    indent: "    ",
  },
};

/** The file that an example stands for. */
export function fileOfExample(text: string, form: ExampleMarker["form"]): string {
  const { before, after, indent } = WRAPPINGS[form];
  if (form === "file") return text;
  const lines = text.replace(/\n$/, "").split("\n").map((line) => line === "" ? "" : indent + line);
  return `${[...before, ...lines, ...after].join("\n")}\n`;
}

/** The example that such a file stands for: the way back. */
export function exampleOfFile(text: string, form: ExampleMarker["form"]): string {
  const { before, after, indent } = WRAPPINGS[form];
  if (form === "file") return text;
  const lines = text.replace(/\n$/, "").split("\n").slice(before.length, -after.length);
  // An empty line stands above dependencies also where a body begins with them.
  if (lines[0] === "") lines.shift();
  return lines.map((line) => `${line.startsWith(indent) ? line.slice(indent.length) : line}\n`).join("");
}

/** A place in such a file as a place in the example, both counted from 1. */
export function placeInExample(line: number, column: number, form: ExampleMarker["form"]): string {
  const { before, indent } = WRAPPINGS[form];
  return `${line - before.length}:${column - indent.length}`;
}
