import type { ProjectPorts } from "../project/project_ports.ts";
import type { PermissionKind } from "./command_permissions.ts";
import type { Printer } from "./printer.ts";

/** What every command gets: the outside, a way to speak, and a way to ask. */
export interface CliContext {
  readonly ports: ProjectPorts;
  readonly printer: Printer;
  readonly answers: Answers;
  /** All of standard input, as bytes; reading ends soon after `limitBytes`. Rejects when it cannot be read. */
  readInput(limitBytes: number): Promise<Uint8Array>;
  /** The version of the program. */
  readonly version: string;
  /** Calls `listener` at each interrupt from the keyboard until the returned function is called. */
  onInterrupt(listener: () => void): () => void;
  /** Calls `listener` when the system asks the process to end, until the returned function is called. */
  onTermination(listener: () => void): () => void;
  /** Gives back, for good, all permissions of the process that are not of these kinds. */
  keepPermissions(kept: readonly PermissionKind[]): void;
  /** The size of the terminal that standard error is, where it is one. */
  terminalSize(): { readonly columns: number; readonly rows: number };
}

/** Where answers to questions come from. */
export interface Answers {
  readonly isTerminal: boolean;
  /** One line, without its end; `undefined` at the end of input. */
  readLine(): Promise<string | undefined>;
  /** One line that is not shown as it is typed; for terminals only. */
  readHiddenLine(): Promise<string | undefined>;
}
