import type { Origin } from "../engine/resource_config.ts";

const FRAME_REGEXP = /(?:\(|at )(?:async )?([a-z-]+:\/\/.*):(\d+):(\d+)\)?$/m;

/** Where the program called `callee`, for messages: the innermost frame outside of it. */
export function callOrigin(callee: (...given: never[]) => unknown): Origin {
  const trace = { stack: "" };
  Error.captureStackTrace(trace, callee);
  const [, url, line, column] = FRAME_REGEXP.exec(trace.stack) ?? [];
  // A runtime that keeps no frames leaves the place unknown.
  if (url === undefined) return { file: "the program", line: 1, column: 1 };
  return { file: filePath(url), line: Number(line), column: Number(column) };
}

function filePath(url: string): string {
  if (!url.startsWith("file://")) return url;
  return decodeURIComponent(new URL(url).pathname);
}
