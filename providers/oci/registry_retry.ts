import type { Random } from "../../engine/random.ts";
import type { Challenge } from "../../image/challenge.ts";
import type { RegistryFault } from "./registry_fault.ts";

/** A fault that says how the registry wants to be asked, and when. */
export interface TryFault extends RegistryFault {
  readonly challenges?: readonly Challenge[];
  readonly pauseMs?: number;
}

const RETRY_STATUSES: ReadonlySet<number> = new Set([408, 429, 499, 500, 502, 503, 504, 522]);
const RETRY_CODES: ReadonlySet<string> = new Set(["BLOB_UPLOAD_INVALID", "TOOMANYREQUESTS", "UNAVAILABLE"]);
const PAUSE_MS = 1000;
const PAUSE_FACTOR = 3;
const LONGEST_PAUSE_MS = 60_000;

/** Whether the same request may be taken another time. */
export function isWorthAgain({ codes, status }: RegistryFault): boolean {
  return status === 0 || RETRY_STATUSES.has(status) || codes.some((code) => RETRY_CODES.has(code));
}

/** How long to wait after try number `count`, 1 for the first: what the registry asked for, or longer each time. */
export function retryPauseMs(random: Random, count: number, { pauseMs: asked = 0 }: TryFault): number {
  const pauseMs = PAUSE_MS * PAUSE_FACTOR ** (count - 1) * (0.9 + jitter(random));
  return Math.min(LONGEST_PAUSE_MS, Math.max(asked, pauseMs));
}

/** From 0 to 0.2: those who began at one time do not go on at one time. */
export function jitter(random: Random): number {
  const [byte = 0] = random.bytes(1);
  return 0.2 * byte / 255;
}

/** What `Retry-After` asks for: seconds, or a time (RFC 9110 section 10.2.3). */
export function pauseOf(header: string | null, wallMs: number): number {
  if (header === null) return 0;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - wallMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}
