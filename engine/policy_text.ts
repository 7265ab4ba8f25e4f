import type { ChangePolicy } from "./environment.ts";

/** What a change of an environment takes, in words. */
export function policyText({ approvals, isProtected }: ChangePolicy): string {
  const others = approvals === 1 ? "1 other key has" : `${approvals} other keys have`;
  const plan = approvals === 0
    ? "a change takes no approval"
    : `a change takes a saved plan that ${others} approved`;
  return isProtected ? `${plan}, and the name of the environment` : plan;
}
