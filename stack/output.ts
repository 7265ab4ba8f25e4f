import type { Address } from "../engine/address.ts";

declare const given: unique symbol;
declare const idOf: unique symbol;

/** A resource that a stack declares, as what refers to it knows it. Each has one such value of its own. */
export interface DeclaredTarget {
  readonly address: Address;
}

/**
 * What a declared resource gives once it is there: its id, an output or a field of it. It stands for a whole field, an
 * element of a list or an entry of a map; inside a text it is refused, since its value is known only after an apply.
 */
export class Output<out T> {
  /** For the compiler only: the kind of value that it gives. */
  declare readonly [given]: T;
  readonly target: DeclaredTarget;
  /** `id`, an output, `field` or `section.field`. */
  readonly name: string;

  constructor(target: DeclaredTarget, name: string) {
    this.target = target;
    this.name = name;
  }

  /** A mark by which the text that it was put into is found and refused. */
  toString(): string {
    return `${MARK}${outputText(this)}${MARK}`;
  }

  /** The same mark, for texts of JSON. */
  toJSON(): string {
    return this.toString();
  }
}

/** The id of a resource of the type `Type`. */
export interface Id<Type extends string> extends Output<string> {
  readonly [idOf]: Type;
}

/** What a field for ids of `Type` takes of another resource: such an id, or a text of which nobody can tell. */
export interface Ref<Type extends string> extends Output<string> {
  readonly [idOf]?: Type;
}

/** Two characters of private use, which no text holds side by side by chance. */
const MARK = "\u{f8ff}\u{f8fe}";
const MARKED_REGEXP = new RegExp(`${MARK}(.*?)${MARK}`, "su");

/** Renders an output as `kind.name.output`. */
export function outputText({ target, name }: Output<unknown>): string {
  return `${target.address}.${name}`;
}

/** The output that was put into `text`, as `outputText` renders it; `undefined` when there is none. */
export function outputInText(text: string): string | undefined {
  return MARKED_REGEXP.exec(text)?.[1];
}

/** The same text with the outputs that were put into it as `outputText` renders them, for messages. */
export function withoutMarks(text: string): string {
  return text.replaceAll(MARK, "");
}
