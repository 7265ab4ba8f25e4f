import { nearName } from "../engine/near_name.ts";
import { Unknown, type Value } from "../engine/value.ts";
import type { Findings } from "./expand_findings.ts";
import type { LayerStack } from "./layer_stack.ts";
import type { SecretPlaces } from "./secret_place.ts";
import type { ReadSecret } from "./secret_source.ts";
import type { SourceText, Span } from "./source_text.ts";
import type { SyntaxTree, ValueNode } from "./syntax_tree.ts";

/**
 * Reads an environment variable: its text, or `undefined` when it is not set. Those who must not look at the environment
 * answer with an `Unknown`, which then stands wherever the text would.
 */
export type ReadEnv = (name: string) => string | Unknown | undefined;

/** Answers for every variable that it is not known: for commands that never touch the environment. */
export function unreadEnv(name: string): Unknown {
  return new Unknown(`env("${name}")`);
}

/** What expansion takes from outside the files. */
export interface ExpandContext {
  /** The environment that the files are expanded for. */
  readonly environment: string;
  readonly env: ReadEnv;
  /** Reads secrets that do not stand in the files in clear. */
  readonly secret: ReadSecret;
  /** What `var.NAME` stands for. */
  readonly variables: ReadonlyMap<string, string>;
  /** Which layers apply. */
  readonly layers: LayerChain;
}

/** The layers of an environment, the first of lowest priority, and where each is named. */
export interface LayerChain {
  readonly names: readonly { readonly name: string; readonly span: Span }[];
  /** The text that the spans point into. */
  readonly source: SourceText;
}

/** What all of one expansion shares. */
export interface ExpandWork extends ExpandContext {
  readonly findings: Findings;
  readonly budget: ResourceBudget;
  readonly overrides: LayerStack;
  readonly places: SecretPlaces;
}

/** Counts the resources of a project before they are built. */
export class ResourceBudget {
  #left: number;

  constructor(limit: number) {
    this.#left = limit;
  }

  /** Whether `count` more fit; then they are counted. */
  take(count: number): boolean {
    if (count > this.#left) return false;
    this.#left -= count;
    return true;
  }
}

/** What the names in a value mean at one place. */
export interface Scope {
  /** The file that the nodes evaluated belong to. */
  readonly tree: SyntaxTree;
  /** Inside a component: what its parameters stand for. */
  readonly params: ReadonlyMap<string, Argument> | undefined;
  /** Inside an instance: the element that it was made of. */
  readonly each: EachElement | undefined;
}

/** What a parameter stands for in one use of its component. */
export interface Argument {
  readonly value: Value;
  /** Where it is written, and in which file; absent when nothing was given for it. */
  readonly written: { readonly tree: SyntaxTree; readonly node: ValueNode } | undefined;
}

/** One element of a `for_each`, or one number of a `count`. */
export interface EachElement {
  /** The key in the instance's address. */
  readonly key: string;
  /** Counted from 0. */
  readonly index: number;
  readonly value: Value;
}

/** The end of a message that names what was probably meant; empty when nothing is near. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const near = nearName(name, candidates);
  return near === undefined ? "" : `: did you mean "${near}"?`;
}
