import { lineColumns } from "./fit_line.ts";
import type { Printer } from "./printer.ts";
import type { Line } from "./text.ts";

/** The rows at the bottom of a terminal that are drawn again and again. */
export class LiveRegion {
  readonly #printer: Printer;
  #drawn: readonly Line[] = [];

  constructor(printer: Printer) {
    this.#printer = printer;
  }

  /** Puts `lasting` in the place of the region for good, and `region` below it. Writes nothing when nothing differs. */
  draw(lasting: readonly Line[], region: readonly Line[], size: { readonly columns: number }): void {
    if (lasting.length === 0 && isSame(region, this.#drawn)) return;
    this.#printer.redraw(this.#rowsTaken(size.columns), [...lasting, ...region]);
    this.#drawn = region;
  }

  /** A window made narrower since has broken the lines anew. */
  #rowsTaken(columns: number): number {
    return this.#drawn.reduce(
      (rows, each) => rows + Math.max(1, Math.ceil(lineColumns(each) / Math.max(1, columns))),
      0,
    );
  }
}

function isSame(one: readonly Line[], other: readonly Line[]): boolean {
  return one.length === other.length &&
    one.every((each, index) => textOf(each) === textOf(other[index] ?? []));
}

function textOf(parts: Line): string {
  return parts.map((part) => part.text).join("");
}
