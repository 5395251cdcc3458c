import type { LoadHook } from 'node:module'
import ts from 'typescript'

/**
 * What is counted: the programs' own modules, and the libraries that read outside bytes for them.
 * Not the descriptors that were generated.
 */
const COUNTED =
  /\/(protocol|client-core|relay|cli|tui)\/out\/src\/(?!generated\/)|\/node_modules\/(@bufbuild\/protobuf|smol-toml)\//

let blocks = 0

/** A hook of node:module: counts the blocks of modules as they are loaded (blocks.ts). */
export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context)
  if (loaded.format !== 'module' || !COUNTED.test(url) || loaded.source == null) return loaded
  const text =
    typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
  return { ...loaded, source: instrumented(text) }
}

function instrumented(text: string): string {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
    transformers: { before: [countBlocks] },
    fileName: 'module.js',
  })
  return `const $hits = globalThis.sottoBlocks.join(${String(blocks)});${outputText}`
}

const countBlocks: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const { factory } = context
  return ts.visitEachChild(file, visit, context)

  function visit(node: ts.Node): ts.Node {
    const inner = ts.visitEachChild(node, visit, context)
    if (ts.isBlock(inner)) return factory.updateBlock(inner, [count(), ...inner.statements])
    if (ts.isCaseClause(inner))
      return factory.updateCaseClause(inner, inner.expression, [count(), ...inner.statements])
    if (ts.isDefaultClause(inner))
      return factory.updateDefaultClause(inner, [count(), ...inner.statements])
    if (ts.isIfStatement(inner)) {
      const { expression, thenStatement, elseStatement } = inner
      const otherwise = elseStatement ?? factory.createBlock([count()])
      return factory.updateIfStatement(inner, expression, block(thenStatement), block(otherwise))
    }
    if (ts.isForStatement(inner)) {
      const { initializer, condition, incrementor, statement } = inner
      const body = block(statement)
      return factory.updateForStatement(inner, initializer, condition, incrementor, body)
    }
    if (ts.isForOfStatement(inner)) {
      const { awaitModifier, initializer, expression, statement } = inner
      const body = block(statement)
      return factory.updateForOfStatement(inner, awaitModifier, initializer, expression, body)
    }
    if (ts.isWhileStatement(inner))
      return factory.updateWhileStatement(inner, inner.expression, block(inner.statement))
    if (ts.isConditionalExpression(inner)) {
      const { condition, questionToken, whenTrue, colonToken, whenFalse } = inner
      const ways = [questionToken, counting(whenTrue), colonToken, counting(whenFalse)] as const
      return factory.updateConditionalExpression(inner, condition, ...ways)
    }
    if (ts.isBinaryExpression(inner) && LAZY.has(inner.operatorToken.kind)) {
      const { left, operatorToken, right } = inner
      return factory.updateBinaryExpression(inner, left, operatorToken, counting(right))
    }
    if (ts.isArrowFunction(inner) && !ts.isBlock(inner.body)) {
      const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken, body } = inner
      const head = [modifiers, typeParameters, parameters, type, equalsGreaterThanToken] as const
      return factory.updateArrowFunction(inner, ...head, counting(body))
    }
    return inner
  }

  /** A block, which was counted already, or a statement that becomes one. */
  function block(statement: ts.Statement): ts.Block {
    return ts.isBlock(statement) ? statement : factory.createBlock([count(), statement])
  }

  function count(): ts.Statement {
    return factory.createExpressionStatement(increment())
  }

  function counting(expression: ts.Expression): ts.Expression {
    const both = factory.createComma(increment(), expression)
    return factory.createParenthesizedExpression(both)
  }

  function increment(): ts.Expression {
    const hits = factory.createIdentifier('$hits')
    return factory.createPostfixIncrement(factory.createElementAccessExpression(hits, blocks++))
  }
}

const LAZY: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])
