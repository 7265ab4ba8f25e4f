import { lineEnd } from "./yaml_documents.ts";

const MARK = "\uFEFF";

/**
 * Texts of YAML behind one another as one stream: each is as it is, and between two of them stands a `---` where neither has one
 * there. Only a byte-order mark that would stand in the middle goes.
 */
export function joinYaml(texts: readonly string[]): string {
  const pieces: string[] = [];
  let last = "";
  for (const text of texts) {
    const own = pieces.length > 0 && text.startsWith(MARK) ? text.slice(MARK.length) : text;
    const isBlank = own.trim() === "";
    pieces.push(isBlank || last === "" ? "" : separator(last, own), own);
    if (!isBlank) last = own;
  }
  return pieces.join("");
}

function separator(before: string, after: string): string {
  const end = newlineOf(before);
  const feed = before.endsWith("\n") ? "" : end;
  const [, marker] = /^(---|\.\.\.)(?:\s+#.*)?$/.exec(lastLine(before)) ?? [];
  const first = firstLine(after);
  if (first.startsWith("%")) return marker === "..." ? feed : `${feed}...${end}`;
  return marker !== undefined || /^---(?:\s|$)/.test(first) ? feed : `${feed}---${end}`;
}

/** The first line that is no comment and not blank. */
function firstLine(text: string): string {
  for (let at = 0; at < text.length; at = lineEnd(text, at)) {
    const line = text.slice(at, lineEnd(text, at)).trimEnd();
    if (line !== "" && !line.trimStart().startsWith("#")) return line;
  }
  return "";
}

function lastLine(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.slice(trimmed.lastIndexOf("\n") + 1);
}

/** The end of line that a text uses first. */
function newlineOf(text: string): string {
  const feed = text.indexOf("\n");
  return feed > 0 && text.charAt(feed - 1) === "\r" ? "\r\n" : "\n";
}
