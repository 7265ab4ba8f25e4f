/** Questions about a syntax tree that several rules ask. */

/** True where `node` names a variable, and is not the name of a property, a key, a type or a declaration. */
export function isReference(node: Deno.lint.Identifier): boolean {
  const { parent } = node;
  switch (parent.type) {
    case "MemberExpression":
      return parent.computed || isSame(parent.object, node);
    case "Property":
      return parent.shorthand || parent.computed || isSame(parent.value, node);
    case "PropertyDefinition":
    case "MethodDefinition":
    case "VariableDeclarator":
      return !isSame(parent.type === "VariableDeclarator" ? parent.id : parent.key, node);
    case "ImportSpecifier":
    case "ImportDefaultSpecifier":
    case "ImportNamespaceSpecifier":
    case "ExportSpecifier":
    case "LabeledStatement":
    case "TSPropertySignature":
    case "TSMethodSignature":
    case "TSTypeReference":
    case "TSQualifiedName":
    case "TSImportType":
    case "TSTypeAliasDeclaration":
    case "TSInterfaceDeclaration":
    case "TSTypeParameter":
    case "TSNamedTupleMember":
    case "TSFunctionType":
      return false;
    default:
      return true;
  }
}

/** The dotted name a call or `new` uses: `Date.now`, `fetch`; `undefined` when it is not a plain name. */
export function calleeName(node: Deno.lint.Node): string | undefined {
  if (node.type === "Identifier") return node.name;
  if (node.type !== "MemberExpression" || node.computed) return undefined;
  const owner = calleeName(node.object);
  return owner === undefined || node.property.type !== "Identifier"
    ? undefined
    : `${owner}.${node.property.name}`;
}

/** True for each kind of node that has a body of its own to return or throw from. */
export function isFunction(node: Deno.lint.Node): boolean {
  return ["ArrowFunctionExpression", "FunctionDeclaration", "FunctionExpression"].includes(node.type);
}

/** True for a declaration at the top of a module, exported or not. */
export function isModuleLevel(node: Deno.lint.VariableDeclaration): boolean {
  const { parent } = node;
  return parent.type === "Program" ||
    (parent.type === "ExportNamedDeclaration" && parent.parent.type === "Program");
}

/** Nodes are made anew at each access, so two of them are compared by place. */
export function isSame(left: Deno.lint.Node | null | undefined, right: Deno.lint.Node): boolean {
  return left?.type === right.type && left.range[0] === right.range[0] && left.range[1] === right.range[1];
}
