import type { CliContext } from "./context.ts";

/** A command as data: help, parsing, completions and the reference are all made of it. */
export interface CommandSpec {
  /** For example `["state", "ls"]`. */
  readonly path: readonly string[];
  /** One line, imperative, without a full stop. */
  readonly summary: string;
  /** What the help says besides; whole sentences. */
  readonly details?: string;
  readonly args: readonly ArgSpec[];
  readonly options: readonly OptionSpec[];
  /** Loads the code that does it, only when it is asked for. */
  load(): Promise<CommandModule>;
}

/** The code of a command. */
export interface CommandModule {
  /** Does it, and gives the exit code. */
  run(context: CliContext, input: CommandInput): Promise<number>;
}

/** A positional argument. */
export interface ArgSpec {
  readonly name: string;
  readonly summary: string;
  readonly arity: "required" | "optional" | "any";
  /** What it may be, where these are a few words, for completions; the command itself checks. */
  readonly choices?: readonly string[];
}

/** A flag, or an option with a value. */
export interface OptionSpec {
  /** Without the dashes, for example `detailed-exitcode`. */
  readonly name: string;
  /** One letter that stands for it, without the dash. */
  readonly short?: string;
  readonly summary: string;
  /** What stands for the value in the help; `undefined` for a flag. */
  readonly value: string | undefined;
  /** Whether it may stand without its value: then it is a flag as well. */
  readonly valueIsOptional?: true;
  /** For values that are whole numbers: the least one allowed. */
  readonly minimum?: number;
  /** For values that are texts of one line: how many characters they have at most. */
  readonly maximumLength?: number;
  /** Whether it may be given several times; then `texts` tells all values. */
  readonly repeatable?: true;
  /** For values that are one of a few words. */
  readonly choices?: readonly string[];
}

/** What the user wrote, checked against the specification of the command. */
export interface CommandInput {
  /** All positional arguments, in order. */
  readonly args: readonly string[];
  /** `json` with `--json`: then standard output is for programs. */
  readonly format: "text" | "json";
  flag(name: string): boolean;
  text(name: string): string | undefined;
  /** All values of an option that may be given several times, in order. */
  texts(name: string): readonly string[];
  /** A whole number, at least the minimum of its specification. */
  wholeNumber(name: string): number | undefined;
}
