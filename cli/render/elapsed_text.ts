/** A time for people: `9ms`, `0.4s`, `12s`, `2m03s`, `1h02m`. */
export function elapsedText(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 0.1) return `${Math.round(Math.max(0, ms))}ms`;
  return seconds < 9.95 ? `${seconds.toFixed(1)}s` : wholeSecondsText(ms);
}

/** The same without tenths, for times that are shown while they pass. */
export function wholeSecondsText(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${twoDigits(seconds % 60)}s`;
  return `${Math.floor(minutes / 60)}h${twoDigits(minutes % 60)}m`;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, "0");
}
