/** What is wrong with a page of examples, and on which of its lines, counted from 1. */
export interface ExampleFault {
  readonly line: number;
  readonly message: string;
}

/** A fault as a test shows it. */
export function formatFault({ line, message }: ExampleFault): string {
  return `line ${line}: ${message}`;
}
