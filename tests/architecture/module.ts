import ts from "typescript";
import { dirname, join } from "node:path/posix";

/** One import, re-export, dynamic import or import type, as it stands in a module. */
export interface Import {
  /** As written; absent where `import()` is given a computed name. */
  readonly specifier?: string;
  /** The file of ours it leads to, from the root; absent for packages. */
  readonly target?: string;
  readonly line: number;
}

/** What the rules need to know of one TypeScript file. */
export interface Module {
  readonly path: string;
  readonly imports: readonly Import[];
  /** The lines that reach for `Deno.env` or `process.env`. */
  readonly environmentLines: readonly number[];
  /** Whether it has nothing of its own and hands on what others export. */
  readonly isBarrel: boolean;
}

/** Parses one TypeScript file; `path` is counted from the root, `faces` lead from `@rocket/…` to files. */
export function parseModule(path: string, text: string, faces: ReadonlyMap<string, string>): Module {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const environmentLines: number[] = [];
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
  const processNames = namesOfProcess(source);

  function describeImport(specifier: ts.Expression): Import {
    const line = lineOf(specifier);
    if (!ts.isStringLiteralLike(specifier)) return { line };
    const isRelative = /^\.\.?\//.test(specifier.text);
    const target = isRelative ? join(dirname(path), specifier.text) : faces.get(specifier.text);
    return { specifier: specifier.text, line, ...(target !== undefined && { target }) };
  }
  function visit(node: ts.Node): void {
    const specifier = specifierOf(node);
    if (specifier !== undefined) imports.push(describeImport(specifier));
    if (readsEnvironment(node, processNames)) environmentLines.push(lineOf(node));
    ts.forEachChild(node, visit);
  }
  visit(source);

  return { path, imports, environmentLines, isBarrel: isBarrel(source) };
}

/** The expression that names the module this node imports, if it is a node that imports one. */
function specifierOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return node.arguments[0];
  }
  const literal = ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && node.argument.literal;
  return literal && ts.isStringLiteral(literal) ? literal : undefined;
}

/** `process`, and whatever this file calls the default or namespace import of `node:process`. */
function namesOfProcess(source: ts.SourceFile): ReadonlySet<string> {
  const names = source.statements.flatMap((statement) => {
    if (!isImportOfProcess(statement)) return [];
    const clause = statement.importClause;
    const bindings = clause?.namedBindings;
    return [clause?.name?.text, bindings && ts.isNamespaceImport(bindings) ? bindings.name.text : undefined];
  });
  return new Set(["process", ...names.filter((name) => name !== undefined)]);
}

function isImportOfProcess(node: ts.Node): node is ts.ImportDeclaration {
  return ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier) &&
    /^(node:)?process$/.test(node.moduleSpecifier.text);
}

function readsEnvironment(node: ts.Node, processNames: ReadonlySet<string>): boolean {
  const isOwner = (expression: ts.Expression): boolean => {
    const name = ts.isPropertyAccessExpression(expression) ? expression.name : expression;
    return ts.isIdentifier(name) && (name.text === "Deno" || processNames.has(name.text));
  };
  if (ts.isPropertyAccessExpression(node)) return node.name.text === "env" && isOwner(node.expression);
  if (ts.isElementAccessExpression(node)) {
    return ts.isStringLiteralLike(node.argumentExpression) && node.argumentExpression.text === "env" &&
      isOwner(node.expression);
  }
  if (ts.isVariableDeclaration(node)) {
    return node.initializer !== undefined && isOwner(node.initializer) &&
      ts.isObjectBindingPattern(node.name) && node.name.elements.some((element) =>
        takenName(element) === "env"
      );
  }
  return ts.isImportSpecifier(node) && takenName(node) === "env" &&
    isImportOfProcess(node.parent.parent.parent);
}

/** The name on the far side: `env` in `{ env }` and in `{ env: mine }` or `{ env as mine }`. */
function takenName(node: ts.BindingElement | ts.ImportSpecifier): string {
  return (node.propertyName ?? node.name).getText();
}

function isBarrel(source: ts.SourceFile): boolean {
  const handsOn = (node: ts.Statement) => ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined;
  const handsOnAll = (node: ts.Statement) =>
    handsOn(node) && ts.isExportDeclaration(node) && node.exportClause === undefined;
  return source.statements.some(handsOnAll) ||
    source.statements.some(handsOn) &&
      source.statements.every((node) => ts.isExportDeclaration(node) || ts.isImportDeclaration(node));
}
