/** Texts are ordered by code point: an order that depends on the machine's language gives other bytes elsewhere. */
export const noLocaleOrder: Deno.lint.Rule = {
  create(context) {
    return {
      MemberExpression(node) {
        if (node.property.type !== "Identifier" || node.property.name !== "localeCompare") return;
        context.report({
          node,
          message: '"localeCompare" depends on the machine',
          hint: "Order by code point",
        });
      },
    };
  },
};
