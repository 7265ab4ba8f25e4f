import type { RiskLevel } from "../../engine/risk_level.ts";
import { type Span, span, type Style } from "../text.ts";

const STYLES: Record<RiskLevel, Style> = {
  None: "green",
  Low: "green",
  Medium: "yellow",
  High: "red",
  Critical: "red",
};

/** A level of risk, in capitals. */
export function riskSpan(level: RiskLevel): Span {
  return span(level.toUpperCase(), STYLES[level]);
}
