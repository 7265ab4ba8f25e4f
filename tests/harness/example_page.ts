/**
 * A page as what can be checked of it: `smelt` examples with the projects that they stand in, `toml` texts, and `console`
 * transcripts. Within a section of the page a `toml` block is the smelt.toml of all examples after it.
 */
import { ok } from "../../engine/result.ts";
import type { ExampleFault } from "./example_fault.ts";
import { type ExampleMarker, parseExampleMarker, parseFindings } from "./example_marker.ts";
import { fileOfExample } from "./example_text.ts";
import { type MarkdownBlock, markdownBlocks } from "./markdown_blocks.ts";

/** The files of a project by name, smelt.toml among them. */
export type ExampleFiles = ReadonlyMap<string, string>;

/** One `smelt` block, in the project that it is checked in. */
export interface Example {
  readonly block: MarkdownBlock;
  readonly marker: ExampleMarker;
  readonly name: string;
  readonly files: ExampleFiles;
}

/** One `toml` block; `findings` as in a marker. */
export interface TomlExample {
  readonly block: MarkdownBlock;
  readonly findings: readonly string[];
}

/** One `console` block that is run, in the project of the example before it. */
export interface Transcript {
  readonly block: MarkdownBlock;
  readonly files: ExampleFiles;
}

/** What a page holds. */
export interface ExamplePage {
  readonly examples: readonly Example[];
  readonly tomls: readonly TomlExample[];
  readonly transcripts: readonly Transcript[];
  readonly faults: readonly ExampleFault[];
}

/** Languages whose blocks are read by people only. */
const PROSE_LANGUAGES: readonly string[] = ["ebnf", "hcl"];

/** Reads a page. */
export function examplePage(page: string): ExamplePage {
  const reader = new PageReader();
  for (const block of markdownBlocks(page)) reader.read(block);
  return reader;
}

class PageReader implements ExamplePage {
  readonly examples: Example[] = [];
  readonly tomls: TomlExample[] = [];
  readonly transcripts: Transcript[] = [];
  readonly faults: ExampleFault[] = [];
  #section = "";
  #toml: string | undefined;
  /** The named files that follow each other. */
  #named: Map<string, string> | undefined;
  /** The last project, without what stood beside it. */
  #base: ExampleFiles = new Map();
  #last: ExampleFiles | undefined;

  read(block: MarkdownBlock): void {
    if (block.section !== this.#section) this.#enter(block.section);
    if (block.language === "smelt") this.#readExample(block);
    else if (block.language === "toml") this.#readToml(block);
    else if (block.language === "console") this.#readConsole(block);
    else if (!PROSE_LANGUAGES.includes(block.language)) {
      this.#fault(block, `unknown language "${block.language}" of a block`);
    } else if (block.info !== "") this.#fault(block, `unknown marker "${block.info}"`);
  }

  #enter(section: string): void {
    this.#section = section;
    this.#toml = undefined;
    this.#named = undefined;
    this.#base = new Map();
    this.#last = undefined;
  }

  #readExample(block: MarkdownBlock): void {
    const marker = parseExampleMarker(block.info);
    if (!marker.ok) return this.#fault(block, marker.error);
    const { form, place, file } = marker.value;
    const text = fileOfExample(block.text, form);
    const name = file ?? (place === "beside" ? "beside.smelt" : "main.smelt");
    const files = this.#filesFor(file, place).set(name, text);
    this.#named = file === undefined ? undefined : files;
    if (place === "alone") this.#base = files;
    this.#last = files;
    this.examples.push({ block, marker: marker.value, name, files });
  }

  /** The project that an example joins; those with names share one, which grows. */
  #filesFor(file: string | undefined, place: ExampleMarker["place"]): Map<string, string> {
    if (file !== undefined && this.#named !== undefined) return this.#named;
    if (place === "beside") return new Map(this.#base);
    return new Map(this.#toml === undefined ? [] : [["smelt.toml", this.#toml]]);
  }

  #readToml(block: MarkdownBlock): void {
    const [kind, ...words] = block.info === "" ? [] : block.info.split(" ");
    if (kind !== undefined && kind !== "error") return this.#fault(block, `unknown marker "${block.info}"`);
    const findings = kind === undefined ? ok([]) : parseFindings(words, kind);
    if (!findings.ok) return this.#fault(block, findings.error);
    this.tomls.push({ block, findings: findings.value });
    if (kind === undefined) this.#toml = block.text;
  }

  #readConsole(block: MarkdownBlock): void {
    // `unrun: WHY`: each run prints something else.
    if (/^unrun: ./.test(block.info)) return;
    if (block.info !== "") return this.#fault(block, `unknown marker "${block.info}"`);
    if (this.#last === undefined) return this.#fault(block, "no example stands before the transcript");
    this.transcripts.push({ block, files: this.#last });
  }

  #fault({ line }: MarkdownBlock, message: string): void {
    this.faults.push({ line, message });
  }
}
