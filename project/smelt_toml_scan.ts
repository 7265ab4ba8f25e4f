/**
 * Where the keys and values of a TOML document stand. `smol-toml` says what a document means but not where; messages and
 * the editor of `smelt_toml_edit.ts` need the places.
 *
 * The text must be valid TOML 1.0 (parsed before): the scan checks nothing.
 */

import type { Span } from "../lang/source_text.ts";

/** One `key = value`. Offsets are UTF-16 indexes into the text. */
export interface TomlEntry {
  /** The whole path from the root, the table's header included. */
  readonly path: readonly string[];
  /** How many parts of `path` come from the header or the inline tables around the key. */
  readonly outerCount: number;
  readonly keyStart: number;
  readonly valueStart: number;
  /** The offset after the value's last character. */
  readonly valueEnd: number;
  /** Whether the key stands inside an inline table. */
  readonly isInline: boolean;
  /** The elements of a value that is a list, in order. */
  readonly items: readonly Span[];
}

/** One `[header]` or `[[header]]`. */
export interface TomlHeader {
  readonly path: readonly string[];
  /** The offset of the `[`. */
  readonly start: number;
  /** The offset after the last `]`. */
  readonly end: number;
}

/** All keys and headers of a document, in its order. */
export interface TomlPlaces {
  readonly entries: readonly TomlEntry[];
  readonly headers: readonly TomlHeader[];
}

/** Finds all keys and headers of the valid TOML document `text`. */
export function scanToml(text: string): TomlPlaces {
  const scan = new TomlScan(text);
  scan.readDocument();
  return scan;
}

/** The offset of the key or header that brings `path` in; the nearest table around it when it is implied; else 0. */
export function placeOfKey(places: TomlPlaces, path: readonly string[]): number {
  const offsets = [
    ...places.entries.filter((entry) => startsWith(entry.path, path)).map((entry) => entry.keyStart),
    ...places.headers.filter((header) => startsWith(header.path, path)).map((header) => header.start),
  ];
  if (offsets.length > 0) return Math.min(...offsets);
  return path.length === 0 ? 0 : placeOfKey(places, path.slice(0, -1));
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.length <= path.length && start.every((part, index) => part === path[index]);
}

const SPACE_REGEXP = /(?:[ \t\r\n]|#[^\n]*)*/y;
const BARE_KEY_REGEXP = /[A-Za-z0-9_-]+/y;
const STRING_REGEXP = /"""(?:[^\\]|\\[^])*?"{3,5}|'''[^]*?'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'/y;
const OTHER_VALUE_REGEXP = /[^,\]}#\r\n]*/y;

class TomlScan implements TomlPlaces {
  readonly entries: TomlEntry[] = [];
  readonly headers: TomlHeader[] = [];
  readonly #text: string;
  #offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(): void {
    let table: readonly string[] = [];
    this.#match(SPACE_REGEXP);
    while (this.#offset < this.#text.length) {
      const before = this.#offset;
      if (this.#at("[")) table = this.#readHeader();
      else this.#readEntry(table, "line");
      this.#match(SPACE_REGEXP);
      if (this.#offset === before) return;
    }
  }

  #readHeader(): readonly string[] {
    const start = this.#offset;
    const brackets = this.#text.startsWith("[[", start) ? 2 : 1;
    this.#offset += brackets;
    const path = this.#readKey();
    this.#match(SPACE_REGEXP);
    this.#offset += brackets;
    this.headers.push({ path, start, end: this.#offset });
    return path;
  }

  #readEntry(table: readonly string[], place: "line" | "inline"): void {
    const keyStart = this.#offset;
    const path = [...table, ...this.#readKey()];
    this.#match(SPACE_REGEXP);
    if (this.#at("=")) this.#offset++;
    this.#match(SPACE_REGEXP);
    const valueStart = this.#offset;
    const items = this.#readValue(path);
    this.entries.push({
      path,
      outerCount: table.length,
      keyStart,
      valueStart,
      valueEnd: this.#offset,
      isInline: place === "inline",
      items,
    });
  }

  #readKey(): readonly string[] {
    const parts: string[] = [];
    do {
      if (this.#at(".")) this.#offset++;
      this.#match(SPACE_REGEXP);
      parts.push(this.#readKeyPart());
      this.#match(SPACE_REGEXP);
    } while (this.#at("."));
    return parts;
  }

  #readKeyPart(): string {
    const bare = this.#match(BARE_KEY_REGEXP);
    if (bare !== "") return bare;
    const quoted = this.#match(STRING_REGEXP);
    return quoted.startsWith('"') ? unescapeKey(quoted.slice(1, -1)) : quoted.slice(1, -1);
  }

  /** Answers where the elements stand when the value is a list. */
  #readValue(path: readonly string[]): readonly Span[] {
    const items: Span[] = [];
    if (this.#at("[")) this.#readList("]", () => items.push(this.#readItem(path)));
    else if (this.#at("{")) this.#readList("}", () => this.#readEntry(path, "inline"));
    else if (this.#match(STRING_REGEXP) === "") this.#readBareValue();
    return items;
  }

  #readItem(path: readonly string[]): Span {
    const start = this.#offset;
    this.#readValue(path);
    return { start, end: this.#offset };
  }

  #readList(close: string, readItem: () => unknown): void {
    this.#offset++;
    this.#match(SPACE_REGEXP);
    while (this.#offset < this.#text.length && !this.#at(close)) {
      const before = this.#offset;
      if (this.#at(",")) this.#offset++;
      else readItem();
      this.#match(SPACE_REGEXP);
      if (this.#offset === before) return;
    }
    this.#offset++;
  }

  /** A number, a date or a boolean, without the blanks after it. */
  #readBareValue(): void {
    const value = this.#match(OTHER_VALUE_REGEXP);
    this.#offset -= value.length - value.trimEnd().length;
  }

  #at(character: string): boolean {
    return this.#text[this.#offset] === character;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#offset;
    const matched = pattern.exec(this.#text)?.[0] ?? "";
    this.#offset += matched.length;
    return matched;
  }
}

/** Undoes the escapes of a basic string. TOML 1.0, "String". */
function unescapeKey(text: string): string {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.))/g, (_, ...groups) => {
    const [short, long, byte, character] = groups as readonly (string | undefined)[];
    const digits = short ?? long ?? byte;
    if (digits !== undefined) return String.fromCodePoint(Number.parseInt(digits, 16));
    return ESCAPES.get(character ?? "") ?? character ?? "";
  });
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["b", "\b"],
  ["t", "\t"],
  ["n", "\n"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
]);
