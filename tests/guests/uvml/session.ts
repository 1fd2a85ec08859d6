/** Entries given to `uvml` through a pipe, and what it answered to each. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
export const command = join(root, "bin/uvml");

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly input?: string;
  /** Instead of the input: one more line whenever a prompt is printed. */
  readonly lines?: readonly string[];
  readonly seconds?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs uvml to its end; its input is closed after the text. */
export function uvml(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const { promise, resolve, reject } = Promise.withResolvers<Finished>();
  const child = spawn(command, args, {
    env: { ...process.env, UVML_HISTORY: "", ...options.env },
    timeout: 1000 * (options.seconds ?? 60),
    killSignal: "SIGKILL",
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  child.stdin.on("error", () => {});
  if (options.lines === undefined) child.stdin.end(options.input ?? "");
  else {
    const lines = [...options.lines];
    child.stdout.on("data", () => {
      if (!/(uvml> | {2}\.\.\. )$/.test(texts.stdout)) return;
      const line = lines.shift();
      if (line === undefined) child.stdin.end();
      else child.stdin.write(`${line}\n`);
    });
  }
  child.on("error", reject);
  child.on("close", (code) => resolve({ code, ...texts }));
  return promise;
}

/** What the loop printed for one entry. */
export interface Answer {
  readonly entry: string;
  readonly stdout: string;
  readonly stderr: string;
}

/** Divides the answers: no program here prints it. */
const MARK = "@@end of the answer@@";

/** Gives the entries to one loop, one after the other. */
export async function session(entries: readonly string[], options: RunOptions & { args?: readonly string[] } = {}) {
  const input = entries.map((entry) => `${entry}\n(println "${MARK}")\n(eprintln "${MARK}")\n`).join("");
  const finished = await uvml(options.args ?? [], { ...options, input });
  const [out, err] = [finished.stdout, finished.stderr].map((text) => text.split(`${MARK}\n`)) as [string[], string[]];
  const answers = entries.map((entry, index): Answer => {
    return { entry, stdout: out[index] ?? "", stderr: err[index] ?? "" };
  });
  return {
    answers,
    rest: { stdout: out.slice(entries.length).join(""), stderr: err.slice(entries.length).join("") },
    code: finished.code,
  };
}
