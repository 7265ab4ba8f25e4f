import { deepStrictEqual } from "node:assert/strict";
import { given, live } from "./_test_environment.ts";
import { arriveByMoves, type Move } from "./arrivals.ts";
import { durableView } from "./environment.ts";

const move = (from: string, to: string): Move => ({ from, to });

/** Where objects are after moves: `address id`; and what became of each move. */
function outcome(moves: readonly Move[]): Readonly<Record<string, readonly string[]>> {
  const view = durableView(given(...live("a.x", "i-x"), ...live("a.y", "i-y")).environment);
  const { state, arrivals, done, refused } = arriveByMoves(view, moves);
  return {
    objects: [...state.resources.values()].flatMap(({ address, object }) =>
      object === undefined ? [] : [`${address} ${object.id}`]
    ).sort(),
    arrivals: [...arrivals].map(([address, each]) => `${address} ${each.kind === "moved" ? each.from : ""}`),
    done: done.map(({ from, to }) => `${from} ${to}`),
    refused: refused.map(({ address, why }) => `${address}: ${why}`),
  };
}

const CASES: readonly (readonly [title: string, moves: readonly Move[], want: ReturnType<typeof outcome>])[] =
  [
    ["a move", [move("a.x", "a.z")], {
      objects: ["a.y i-y", "a.z i-x"],
      arrivals: ["a.z a.x"],
      done: [],
      refused: [],
    }],
    ["a move that has been made", [move("a.q", "a.x")], {
      objects: ["a.x i-x", "a.y i-y"],
      arrivals: [],
      done: ["a.q a.x"],
      refused: [],
    }],
    ["a chain of moves of several times", [move("a.q", "a.x"), move("a.x", "a.p"), move("a.p", "a.z")], {
      objects: ["a.y i-y", "a.z i-x"],
      arrivals: ["a.z a.x"],
      done: ["a.q a.x"],
      refused: [],
    }],
    ["a shift, in whatever order it is written", [move("a.x", "a.y"), move("a.y", "a.z")], {
      objects: ["a.y i-x", "a.z i-y"],
      arrivals: ["a.z a.y", "a.y a.x"],
      done: [],
      refused: [],
    }],
    ["a swap", [move("a.x", "a.y"), move("a.y", "a.x")], {
      objects: ["a.x i-x", "a.y i-y"],
      arrivals: [],
      done: [],
      refused: ['a.y: "a.y" holds "i-y" already', 'a.x: "a.x" holds "i-x" already'],
    }],
    ["a circle through an address that holds nothing", [move("a.x", "a.z"), move("a.z", "a.x")], {
      objects: ["a.x i-x", "a.y i-y"],
      arrivals: [],
      done: [],
      refused: ['a.x: "a.x" holds "i-x" already'],
    }],
    ["two moves to one address", [move("a.x", "a.z"), move("a.y", "a.z")], {
      objects: ["a.y i-y", "a.z i-x"],
      arrivals: ["a.z a.x"],
      done: [],
      refused: ['a.z: "a.z" holds "i-x" already'],
    }],
  ];

for (const [title, moves, want] of CASES) {
  Deno.test(`arriveByMoves() carries out ${title}`, () => deepStrictEqual(outcome(moves), want));
}
