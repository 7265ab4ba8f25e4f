import type { Origin } from "../engine/resource_config.ts";

const FRAME_REGEXP = /(?:\(|at )(?:async )?([a-z-]+:\/\/.*):(\d+):(\d+)\)?$/m;

/**
 * Where the program called `callee`, for messages: the innermost frame outside of it. It is worked out when it is first
 * read, since the runtime takes fifty times as long to put a trace into words as to take one.
 */
export function callOrigin(callee: (...given: never[]) => unknown): Origin {
  const trace = { stack: "" };
  Error.captureStackTrace(trace, callee);
  let known: Origin | undefined;
  const origin = () => known ??= firstFrame(trace.stack);
  return {
    get file() {
      return origin().file;
    },
    get line() {
      return origin().line;
    },
    get column() {
      return origin().column;
    },
  };
}

/** A runtime that keeps no frames leaves the place unknown. */
function firstFrame(stack: string): Origin {
  const [, url, line, column] = FRAME_REGEXP.exec(stack) ?? [];
  if (url === undefined) return { file: "the program", line: 1, column: 1 };
  return { file: filePath(url), line: Number(line), column: Number(column) };
}

function filePath(url: string): string {
  if (!url.startsWith("file://")) return url;
  return decodeURIComponent(new URL(url).pathname);
}
