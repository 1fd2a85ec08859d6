/** Argument files (`@file`) and the environment variables that hold options. */

type Split = { readonly words: readonly string[] } | { readonly unmatchedQuote: true };

/**
 * The words of an argument file. White space separates; `#` starts a comment up to the end of the line; both kinds of quotes
 * group, and inside them a backslash escapes: `\n \r \t \f`, a line end (the next line goes on, without its leading white space), or
 * the character itself. A quote that is still open at the end of a line ends there.
 */
export function splitArgumentFile(text: string): string[] {
  const words: string[] = [];
  let at = 0;
  const skip = (pattern: RegExp): void => {
    pattern.lastIndex = at;
    if (pattern.test(text)) at = pattern.lastIndex;
  };
  while (at < text.length) {
    skip(/[ \t\f\r\n]+/y);
    if (at >= text.length) break;
    let word = "";
    let quote = "";
    let ended = false;
    while (at < text.length && !ended) {
      const char = text[at++] as string;
      if (char === "\n" || char === "\r") ended = true;
      else if (quote !== "") {
        if (char === quote) quote = "";
        else if (char === "\\") word += escaped();
        else word += char;
      } else if (char === '"' || char === "'") quote = char;
      else if (char === " " || char === "\t" || char === "\f") ended = true;
      else if (char === "#") {
        // As `java` does it: what stood before the # on this word is dropped with the comment.
        skip(/[^\r\n]*/y);
        word = "";
        break;
      } else word += char;
    }
    if (word !== "" || ended) words.push(word);
  }
  return words;

  function escaped(): string {
    const char = text[at++] ?? "";
    switch (char) {
      case "n":
        return "\n";
      case "r":
        return "\r";
      case "t":
        return "\t";
      case "f":
        return "\f";
      case "\r":
      case "\n":
        skip(/[ \t\f\r\n]+/y);
        return "";
      default:
        return char;
    }
  }
}

/** The words of JDK_JAVA_OPTIONS or JAVA_TOOL_OPTIONS: quotes group, nothing escapes. */
export function splitVariable(text: string): Split {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (const char of text) {
    if (quote !== "") {
      if (char === quote) quote = "";
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= "";
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + char;
  }
  if (quote !== "") return { unmatchedQuote: true };
  if (word !== undefined) words.push(word);
  return { words };
}
