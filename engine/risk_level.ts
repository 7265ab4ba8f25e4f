/** How much a change may take along, in words; by the count of resources that it reaches. */
export type RiskLevel = "None" | "Low" | "Medium" | "High" | "Critical";

/** From the least to the greatest, each with the least count that comes to it. */
const LEVELS: readonly { readonly level: RiskLevel; readonly minimumCount: number }[] = [
  { level: "None", minimumCount: 0 },
  { level: "Low", minimumCount: 1 },
  { level: "Medium", minimumCount: 3 },
  { level: "High", minimumCount: 10 },
  { level: "Critical", minimumCount: 25 },
];

/** The level of a change that reaches `count` resources. */
export function riskLevel(count: number): RiskLevel {
  return LEVELS.findLast(({ minimumCount }) => count >= minimumCount)?.level ?? "None";
}

/** The level that is `steps` above `level`, `Critical` at most. */
export function raisedRisk(level: RiskLevel, steps: number): RiskLevel {
  const at = LEVELS.findIndex((each) => each.level === level);
  return LEVELS[Math.min(at + steps, LEVELS.length - 1)]?.level ?? level;
}
