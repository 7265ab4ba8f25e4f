import { calleeName } from "./syntax.ts";

const EQUALITIES: readonly string[] = ["!=", "!==", "==", "==="];

/** `JSON.stringify` keeps the order of keys, so two equal values may differ in it. */
export const noJsonEquality: Deno.lint.Rule = {
  create(context) {
    const isJson = (node: Deno.lint.Node): boolean =>
      node.type === "CallExpression" && calleeName(node.callee) === "JSON.stringify";
    return {
      BinaryExpression(node) {
        if (!EQUALITIES.includes(node.operator) || !(isJson(node.left) || isJson(node.right))) return;
        context.report({
          node,
          message: "Values are compared by JSON text",
          hint: "Compare their canonical form",
        });
      },
    };
  },
};
