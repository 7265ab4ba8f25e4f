import { deepStrictEqual } from "node:assert/strict";
import { storedAddress } from "../engine/address.ts";
import { type Problem, problem } from "../engine/problem.ts";
import { wantedConfig } from "../engine/planning_fixture_test.ts";
import { onceAPlace } from "./once_a_place.ts";

const ADDRESSES = ["q.w[a]", "q.w[b]", "q.w[c]"].map(storedAddress);
const RESOURCES = ADDRESSES.map((address) => wantedConfig(address));

function problemOf(address: string, word: string, column: number): Problem {
  const message = `Unknown field "${word}" in "${address}"`;
  return problem("E-UNKNOWN-FIELD", message, { file: "a.smelt", line: 1, column }, "Look");
}

Deno.test("onceAPlace() says once what every instance of a template says, and for how many more", () => {
  const problems = ADDRESSES.map((address) => problemOf(address, "x", 1));
  deepStrictEqual(onceAPlace(problems, RESOURCES).map(({ message, hint }) => [message, hint]), [
    ['Unknown field "x" in "q.w[a]"; the same for 2 more resources', "Look"],
  ]);
  deepStrictEqual(onceAPlace(problems.slice(1), RESOURCES).map(({ message }) => message), [
    'Unknown field "x" in "q.w[b]"; the same for 1 more resource',
  ]);
});

Deno.test("onceAPlace() keeps apart what differs in place or in more than the address", () => {
  const problems = [problemOf("q.w[a]", "x", 1), problemOf("q.w[a]", "x", 2), problemOf("q.w[b]", "y", 1)];
  deepStrictEqual(onceAPlace(problems, RESOURCES), problems);
});
