import { nearName } from "../engine/near_name.ts";
import { type Diagnostic, diagnostic } from "../lang/diagnostic.ts";
import { positionAt, type SourceText, type Span } from "../lang/source_text.ts";
import { placeOfKey, type TomlPlaces } from "./smelt_toml_scan.ts";
import { isTable, kindOfToml, type Table, valueAt } from "./smelt_toml_table.ts";

/** A text in a list, and where it stands. */
export interface PlacedText {
  readonly name: string;
  readonly span: Span;
}

/** Reads values of the wanted kind and collects what is wrong, with the place of the key. */
export class Check {
  readonly found: Diagnostic[] = [];
  readonly #source: SourceText;
  readonly #places: TomlPlaces;

  constructor(source: SourceText, places: TomlPlaces) {
    this.#source = source;
    this.#places = places;
  }

  /** Reports about the key at `path`, or about the nearest table around it. */
  fail(path: readonly string[], message: string, hint?: string): void {
    this.failAt(this.#spanOf(path), message, hint);
  }

  /** Reports about a part of the text. */
  failAt(span: Span, message: string, hint?: string): void {
    this.found.push(diagnostic(this.#source, span, { code: "E-CONFIG-KEY", message, hint }));
  }

  /** In which line the key at `path` stands; 1 is the first. */
  lineOf(path: readonly string[]): number {
    return positionAt(this.#source, placeOfKey(this.#places, path)).line;
  }

  #spanOf(path: readonly string[]): Span {
    const start = placeOfKey(this.#places, path);
    return { start, end: this.#keyEnd(start) };
  }

  /** Refuses the keys of a table that are not known. */
  keys(table: Table, path: readonly string[], known: readonly string[]): void {
    for (const key of Object.keys(table)) {
      if (known.includes(key)) continue;
      const where = path.length === 0 ? this.#source.file : `"[${path.join(".")}]"`;
      const message = `Unknown key ${JSON.stringify(key)} in ${where}`;
      this.fail([...path, key], message, meant(key, known) ?? `Known keys: ${known.join(", ")}`);
    }
  }

  /** The table at `path`, when there is one. */
  table(parent: Table | undefined, path: readonly string[]): Table | undefined {
    const value = this.#value(parent, path);
    if (value === undefined || isTable(value)) return value;
    return this.#wrongKind(path, "a table", value);
  }

  /** The text at `path`, which must match `pattern`; `wanted` says so in words. */
  text(
    parent: Table | undefined,
    path: readonly string[],
    pattern: RegExp,
    wanted: string,
  ): string | undefined {
    const value = this.#value(parent, path);
    if (value === undefined) return undefined;
    if (typeof value !== "string") return this.#wrongKind(path, "a string", value);
    if (!pattern.test(value)) {
      this.fail(path, `Correct "${path.join(".")}": expected ${wanted}, found ${JSON.stringify(value)}`);
    }
    return value;
  }

  /** Whether `path` is set to true. */
  flag(parent: Table | undefined, path: readonly string[]): boolean {
    const value = this.#value(parent, path);
    if (value === undefined || typeof value === "boolean") return value ?? false;
    return this.#wrongKind(path, "true or false", value) ?? false;
  }

  /** The whole number at `path`, from 0 to `most`. */
  wholeNumber(parent: Table | undefined, path: readonly string[], most: number): number | undefined {
    const value = this.#value(parent, path);
    if (value === undefined) return undefined;
    const wanted = `a whole number from 0 to ${most}`;
    if (typeof value !== "number") return this.#wrongKind(path, wanted, value);
    if (Number.isInteger(value) && value >= 0 && value <= most) return value;
    this.fail(path, `Correct "${path.join(".")}": expected ${wanted}, found ${value}`);
    return undefined;
  }

  /** The texts of the list at `path`, each once. */
  texts(parent: Table | undefined, path: readonly string[]): readonly PlacedText[] {
    const value = this.#value(parent, path);
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      this.#wrongKind(path, "a list of strings", value);
      return [];
    }
    const spans = this.#places.entries.find((each) => isSame(each.path, path))?.items ?? [];
    const found: PlacedText[] = [];
    value.forEach((element: unknown, index) => {
      const span = spans[index] ?? this.#spanOf(path);
      const wrong = typeof element !== "string"
        ? `expected a string, found ${kindOfToml(element)}`
        : element === ""
        ? "found an empty name"
        : found.some(({ name }) => name === element)
        ? `${JSON.stringify(element)} stands in it twice`
        : undefined;
      if (wrong !== undefined) this.failAt(span, `Correct "${path.join(".")}": ${wrong}`);
      else if (typeof element === "string") found.push({ name: element, span });
    });
    return found;
  }

  #value(parent: Table | undefined, path: readonly string[]): unknown {
    return valueAt(parent, path.at(-1) ?? "");
  }

  #wrongKind(path: readonly string[], wanted: string, value: unknown): undefined {
    this.fail(path, `Correct "${path.join(".")}": expected ${wanted}, found ${kindOfToml(value)}`);
  }

  #keyEnd(start: number): number {
    const word = /^(?:\[+[^\]\n]*\]+|[^\s=]+)/.exec(this.#source.text.slice(start));
    return start + Math.max(1, word?.[0].length ?? 0);
  }
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((part, index) => part === right[index]);
}

/** The hint that names what was probably meant. */
export function meant(name: string, candidates: Iterable<string>): string | undefined {
  const near = nearName(name, candidates);
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}
