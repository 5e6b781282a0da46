/** One call in a chain such as `CfC(5, 8)(x(2, 3, 5)).build(2)`. */
export interface ExpressionCall {
  /** name of the function or method; null for calling the value itself */
  readonly name: string | null;
  readonly args: readonly ExpressionValue[];
  readonly named: Readonly<Record<string, ExpressionValue>>;
}

/** A parsed argument: a literal, a bare name, or a chain of calls. */
export type ExpressionValue =
  number | string | boolean | null | { readonly symbol: string } | { readonly chain: readonly ExpressionCall[] };

/** Reads a Python expression of calls, methods and literals, as the golden error cases write them. */
export function parseExpression(text: string): ExpressionValue {
  const parser = { text, at: 0 };
  const value = readValue(parser);
  skipSpace(parser);
  if (parser.at !== text.length) throw new Error(`cannot read ${text} from character ${parser.at}`);
  return value;
}

interface Parser {
  readonly text: string;
  at: number;
}

function readValue(p: Parser): ExpressionValue {
  skipSpace(p);
  const number = match(p, /-?\d+(?:\.\d*)?(?:e-?\d+)?/y);
  if (number !== null) return Number(number);
  const quoted = match(p, /'[^']*'|"[^"]*"/y);
  if (quoted !== null) return quoted.slice(1, -1);
  const name = match(p, /[A-Za-z_]\w*/y);
  if (name === null) throw new Error(`cannot read ${p.text} from character ${p.at}`);
  if (name === "None") return null;
  if (name === "True" || name === "False") return name === "True";
  if (p.text[p.at] !== "(") return { symbol: name };
  return { chain: readChain(p, name) };
}

function readChain(p: Parser, first: string): ExpressionCall[] {
  const calls = [readCall(p, first)];
  for (;;) {
    if (p.text[p.at] === "(") calls.push(readCall(p, null));
    else if (p.text[p.at] === ".") {
      p.at++;
      calls.push(readCall(p, match(p, /\w+/y)!));
    } else return calls;
  }
}

function readCall(p: Parser, name: string | null): ExpressionCall {
  const args: ExpressionValue[] = [];
  const named: Record<string, ExpressionValue> = {};
  p.at++; // the opening parenthesis
  for (;;) {
    skipSpace(p);
    if (p.text[p.at] === ",") p.at++;
    else if (p.text[p.at] === ")") break;
    else {
      const key = match(p, /\w+(?=\s*=)/y);
      if (key === null) args.push(readValue(p));
      else {
        match(p, /\s*=/y);
        named[key] = readValue(p);
      }
    }
  }
  p.at++;
  return { name, args, named };
}

function match(p: Parser, pattern: RegExp): string | null {
  pattern.lastIndex = p.at;
  const found = pattern.exec(p.text);
  if (found === null) return null;
  p.at = pattern.lastIndex;
  return found[0];
}

function skipSpace(p: Parser): void {
  while (p.text[p.at] === " ") p.at++;
}
