import { SecretRegister } from "../../engine/secret_register.ts";
import type { ProjectPorts } from "../../project/project_ports.ts";
import type { PermissionKind } from "../../cli/command_permissions.ts";
import type { Answers, CliContext } from "../../cli/context.ts";
import { Printer, type TextSink } from "../../cli/printer.ts";
import { VirtualClock } from "./virtual_clock.ts";

/** A stream that keeps what is written, one element a write. */
export class FakeSink implements TextSink {
  readonly writes: string[] = [];
  readonly isTerminal: boolean;

  constructor(kind: "terminal" | "file") {
    this.isTerminal = kind === "terminal";
  }

  write(text: string): void {
    this.writes.push(text);
  }

  get text(): string {
    return this.writes.join("");
  }

  get lines(): readonly string[] {
    return this.text.split("\n").slice(0, -1);
  }
}

/** A context without a world, for what only speaks. */
export interface FakeContext extends CliContext {
  readonly out: FakeSink;
  readonly err: FakeSink;
  readonly clock: VirtualClock;
  readonly size: { columns: number; rows: number };
  /** What commands have kept, one element a command. The process of the test keeps all that it has. */
  readonly kept: readonly (readonly PermissionKind[])[];
  /** How many lines have been asked for. */
  readonly readCount: number;
  interrupt(): void;
}

/** Makes a context whose streams are terminals, or files, and whose user types `typed`; `never` types nothing at all. */
export function fakeContext(
  kind: "terminal" | "file",
  typed: readonly string[] | "never" = [],
  variables: { readonly noColor?: string } = { noColor: "1" },
): FakeContext {
  const out = new FakeSink(kind);
  const err = new FakeSink(kind);
  const clock = new VirtualClock();
  const secrets = new SecretRegister();
  const answers = new FakeAnswers(kind, typed);
  const listeners = new Set<() => void>();
  const size = { columns: 80, rows: 24 };
  const kept: (readonly PermissionKind[])[] = [];
  return {
    kept,
    out,
    err,
    clock,
    size,
    answers,
    version: "0.0.0",
    ports: fakePorts(clock, secrets),
    printer: new Printer({ out, err }, secrets, variables.noColor),
    readInput: () => Promise.resolve(new Uint8Array()),
    keepPermissions: (kinds) => void kept.push(kinds),
    terminalSize: () => size,
    onInterrupt(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onTermination: () => () => {},
    interrupt: () => listeners.forEach((listener) => listener()),
    get readCount() {
      return answers.readCount;
    },
  };
}

class FakeAnswers implements Answers {
  readonly isTerminal: boolean;
  readonly #typed: readonly string[] | "never";
  readCount = 0;

  constructor(kind: "terminal" | "file", typed: readonly string[] | "never") {
    this.isTerminal = kind === "terminal";
    this.#typed = typed;
  }

  readHiddenLine(): Promise<string | undefined> {
    return this.readLine();
  }

  readLine(): Promise<string | undefined> {
    if (this.#typed === "never") return new Promise(() => {});
    return Promise.resolve(this.#typed[this.readCount++]);
  }
}

function fakePorts(clock: VirtualClock, secrets: SecretRegister): ProjectPorts {
  const absent = (): never => {
    throw new Error("This test reaches the outside");
  };
  return {
    clock,
    random: { bytes: absent },
    readVariable: () => undefined,
    secrets,
    workingFolder: "/nowhere",
    host: "host",
    who: "tester",
    images: absent,
    registry: absent,
    keyFolder: absent,
    openEnvironment: absent,
    createEnvironment: absent,
    readLog: absent,
    syncLog: absent,
    listLogs: absent,
    setLogAside: absent,
    auditEnvironment: absent,
    attestor: absent,
    attestationChecks: absent,
    launch: undefined,
    feedProgram: absent,
    imageSigner: absent,
    imageKey: absent,
    isOwnFile: absent,
    hasPermission: absent,
  };
}
