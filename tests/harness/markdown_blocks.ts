/** A fenced block of a Markdown page. */
export interface MarkdownBlock {
  /** The first word behind the fence; empty when there is none. */
  readonly language: string;
  /** What stands behind the language, as written. */
  readonly info: string;
  /** The lines between the fences, each with its end. */
  readonly text: string;
  /** The line of the page that the opening fence stands on, counted from 1. */
  readonly line: number;
  /** The heading of the second level that it stands below; empty above the first one. */
  readonly section: string;
}

const FENCE_REGEXP = /^(`{3,})([^`]*)$/;

/**
 * The fenced blocks of a page, in its order. Fences are of backticks and not indented; one without an end makes a block of
 * the language `unclosed`.
 */
export function markdownBlocks(page: string): readonly MarkdownBlock[] {
  const blocks: MarkdownBlock[] = [];
  let section = "";
  let open: OpenFence | undefined;
  let text = "";
  page.split("\n").forEach((line, index) => {
    const [, fence, head = ""] = FENCE_REGEXP.exec(line) ?? [];
    if (open === undefined) {
      if (line.startsWith("## ")) section = line.slice(3);
      if (fence === undefined) return;
      open = { fence, head, line: index + 1 };
      text = "";
    } else if (line === open.fence) {
      blocks.push({ ...headOf(open), text, section });
      open = undefined;
    } else text += `${line}\n`;
  });
  if (open !== undefined) blocks.push({ language: "unclosed", info: "", text, line: open.line, section });
  return blocks;
}

interface OpenFence {
  readonly fence: string;
  /** What stands behind it. */
  readonly head: string;
  readonly line: number;
}

function headOf({ head, line }: OpenFence): Pick<MarkdownBlock, "language" | "info" | "line"> {
  const [language = "", ...words] = head.trim().split(/\s+/);
  return { language, info: words.join(" "), line };
}
