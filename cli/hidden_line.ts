/** A terminal that can be read without showing what is typed. */
export interface RawTerminal {
  /** `raw`: nothing is shown, and interrupts still come. */
  setMode(mode: "raw" | "usual"): void;
  /** Some bytes that were typed; `undefined` at the end of input. */
  read(): Promise<Uint8Array | undefined>;
}

const BACKSPACES: readonly string[] = ["\b", "\x7f"];
const END_OF_INPUT = "\x04";

/** Reads a line that is not shown as it is typed; `undefined` when input ends before the line does. */
export async function readHiddenLine(terminal: RawTerminal): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const typed: string[] = [];
  terminal.setMode("raw");
  try {
    for (;;) {
      const bytes = await terminal.read();
      if (bytes === undefined) return undefined;
      for (const character of decoder.decode(bytes, { stream: true })) {
        if (character === "\r" || character === "\n") return typed.join("");
        if (character === END_OF_INPUT) return undefined;
        if (BACKSPACES.includes(character)) typed.pop();
        else typed.push(character);
      }
    }
  } finally {
    terminal.setMode("usual");
  }
}
