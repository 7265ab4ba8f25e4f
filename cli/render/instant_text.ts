/** An instant of the log, RFC 3339, as people read it: without fractions of a second. */
export function instantText(at: string): string {
  return at.replace("T", " ").replace(/\.\d+Z$/, "Z");
}
