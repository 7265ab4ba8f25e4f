import { hideCredentials } from "../engine/credential_patterns.ts";
import { scrubJson } from "../engine/scrub_json.ts";
import type { SecretRegister } from "../engine/secret_register.ts";
import { inert } from "./inert.ts";
import { type Line, line, type Style } from "./text.ts";

/** A stream of text, standard output or standard error. */
export interface TextSink {
  write(text: string): void;
  readonly isTerminal: boolean;
}

/** Where results go, and where everything else does. */
export interface TextSinks {
  readonly out: TextSink;
  readonly err: TextSink;
}

const CODES: Record<Style, string> = {
  bold: "1",
  dim: "2",
  red: "31",
  green: "32",
  yellow: "33",
  magenta: "35",
  cyan: "36",
  cut: "2",
};

/**
 * The one way by which text leaves the program.
 *
 *   P1. No secret that the process has met stands in it, whoever wrote it; in lines for people, nothing either that is a
 *       credential by where it stands. Only `echo` gives a text back as the user gave it in, and `reveal` what the log says
 *       that it was asked to show.
 *   P2. All data is inert; the only escape codes are the printer's own.
 */
export class Printer {
  readonly #out: TextSink;
  readonly #err: TextSink;
  readonly #secrets: SecretRegister;
  readonly #isColoured: (sink: TextSink) => boolean;

  constructor({ out, err }: TextSinks, secrets: SecretRegister, noColor: string | undefined) {
    this.#out = out;
    this.#err = err;
    this.#secrets = secrets;
    // https://no-color.org: set and not empty switches colours off.
    this.#isColoured = (sink) => sink.isTerminal && (noColor === undefined || noColor === "");
  }

  /** Whether people look at standard error as it is written. */
  get isErrTerminal(): boolean {
    return this.#err.isTerminal;
  }

  /** Whether people look at standard output, so that it may not move the cursor. */
  get isOutTerminal(): boolean {
    return this.#out.isTerminal;
  }

  /** Results: what a script would read. */
  out(lines: readonly Line[]): void {
    this.#write(this.#out, lines);
  }

  /** Everything else: progress, questions, errors. */
  err(lines: readonly Line[]): void {
    this.#write(this.#err, lines);
  }

  /** JSON, or other text that is made for machines and is inert by its own rules; with a line end. */
  machine(text: string): void {
    this.#out.write(`${scrubJson(this.#secrets, text)}\n`);
  }

  /** A text that is the result itself, with the line ends that it has. */
  exact(text: string): void {
    if (text !== "") this.#out.write(this.#secrets.scrub(text));
  }

  /** What the user gave in, in another form: byte for byte, since it may take the place of what it was. */
  echo(text: string): void {
    if (text !== "") this.#out.write(text);
  }

  /** Secrets that were asked for by name, once the log says so. */
  reveal(text: string): void {
    if (text !== "") this.#out.write(this.isOutTerminal ? text.split("\n").map(inert).join("\n") : text);
  }

  /** A question: a line on standard error without its end. */
  ask(question: Line): void {
    this.#err.write(this.#render(this.#err, question));
  }

  /** The same as `machine`, on standard error. */
  machineErr(text: string): void {
    this.#err.write(`${scrubJson(this.#secrets, text)}\n`);
  }

  /** Moves up over `rowCount` rows of standard error, clears them and writes `lines` there, in one write. For terminals only. */
  redraw(rowCount: number, lines: readonly Line[]): void {
    const erase = rowCount > 0 ? `\x1b[${rowCount}A\x1b[0J` : "";
    const text = lines.map((each) => `${this.#render(this.#err, each)}\n`).join("");
    this.#err.write(`${erase}${text}`);
  }

  #write(sink: TextSink, lines: readonly Line[]): void {
    if (lines.length > 0) sink.write(`${lines.map((each) => this.#render(sink, each)).join("\n")}\n`);
  }

  #render(sink: TextSink, parts: Line): string {
    const isColoured = this.#isColoured(sink);
    return this.#scrubbed(parts).map(({ text, style }) =>
      style === undefined || text === "" || !isColoured
        ? inert(text)
        : `\x1b[${CODES[style]}m${inert(text)}\x1b[0m`
    ).join("");
  }

  /** A secret may go over the end of a span: a line that holds one is plain. */
  #scrubbed(parts: Line): Line {
    const text = parts.map((part) => part.text).join("");
    const scrubbed = hideCredentials(this.#secrets.scrub(text));
    return scrubbed === text ? parts : line(scrubbed);
  }
}
