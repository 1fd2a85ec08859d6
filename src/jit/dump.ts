/** VM_DUMP: one page per function, with a column for each stage of its compilation. */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Func, printFunc } from "#ir";
import type { Switches } from "#support";
import { disassemble } from "#wasm";

/** A function after one step of its way. */
export interface DumpStage {
  readonly title: string;
  readonly text: string;
}

/** Collects the stages of a function whose page was asked for. */
export class Dump {
  readonly #name: string;
  readonly #switches: Switches;
  readonly #stages: DumpStage[] = [];

  private constructor(name: string, switches: Switches) {
    this.#name = name;
    this.#switches = switches;
  }

  /** null unless VM_DUMP matches the function. */
  static wanted(func: Func, switches: Switches): Dump | null {
    if (!switches.dumps(func.name)) return null;
    const dump = new Dump(func.name, switches);
    dump.ir("IR", func);
    return dump;
  }

  ir(title: string, func: Func): void {
    const text = printFunc(func);
    // A pass that changes nothing needs no column.
    if (this.#stages.at(-1)?.text !== text) this.#stages.push({ title, text });
  }

  /** Adds the code, if there is some, and writes the page, and says on standard error where it is. */
  finish(code: Uint8Array | null): void {
    if (code !== null) this.#stages.push({ title: `WebAssembly, ${code.length} bytes`, text: disassemble(code) });
    const folder = this.#switches.dumpFolder;
    mkdirSync(folder, { recursive: true });
    const file = resolve(folder, fileName(this.#name));
    writeFileSync(file, page(this.#name, this.#stages));
    console.error(`dump: ${file}`);
  }
}

/** A name that every file system takes; names that differ only in what was left out keep different ones. */
function fileName(name: string): string {
  const plain = name
    .replace(/[^A-Za-z0-9_.$-]+/g, "_")
    .replace(/^\.+/, "")
    .slice(0, 120);
  if (plain === name) return `${plain}.html`;
  return `${plain}-${createHash("sha256").update(name).digest("hex").slice(0, 8)}.html`;
}

const STYLE = `
  body { font: 13px system-ui, sans-serif; margin: 0; color: #222; background: #fff; }
  h1 { font-size: 16px; margin: 12px; }
  main { display: flex; align-items: flex-start; overflow-x: auto; }
  section { border-left: 1px solid #ccc; padding: 0 12px; flex: none; max-width: 60em; }
  h2 { font-size: 13px; position: sticky; top: 0; background: inherit; }
  pre { font: 12px ui-monospace, monospace; white-space: pre-wrap; }
  .value { cursor: pointer; } .marked { background: #fd6; }
  @media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b; } .marked { color: #000; } }
`;
/** A click on a value or block marks it in all columns. */
const SCRIPT = `
  document.addEventListener("click", (event) => {
    if (!event.target.classList.contains("value")) return;
    const text = event.target.textContent;
    const on = !event.target.classList.contains("marked");
    for (const each of document.querySelectorAll(".value")) {
      if (each.textContent === text) each.classList.toggle("marked", on);
    }
  });
`;

/** The whole page, without anything from elsewhere. */
export function page(name: string, stages: readonly DumpStage[]): string {
  const columns = stages.map(({ title, text }) => {
    const marked = title.startsWith("WebAssembly")
      ? escaped(text)
      : escaped(text).replace(/\b[vb]\d+\b/g, (word) => `<span class="value">${word}</span>`);
    return `<section><h2>${escaped(title)}</h2><pre>${marked}</pre></section>`;
  });
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(name)}</title><style>${STYLE}</style></head>
<body><h1>${escaped(name)}</h1><main>
${columns.join("\n")}
</main><script>${SCRIPT}</script></body></html>
`;
}

function escaped(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
