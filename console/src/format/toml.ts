/** As much of TOML as rule documents need to be looked into: tables, lists of tables, and values of one line. */

export type TomlValue = string | number | boolean | TomlValue[];
export interface TomlTable {
  [key: string]: TomlValue | TomlTable | TomlTable[];
}

/** Never fails: what it does not understand (inline tables, texts of many lines) it leaves out. The server checks. */
export function readToml(text: string): TomlTable {
  const root: TomlTable = {};
  let here = root;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    const list = /^\[\[([\w.-]+)\]\]/.exec(line);
    const table = /^\[([\w.-]+)\]/.exec(line);
    const pair = /^([\w-]+)\s*=\s*(.+)$/.exec(line);
    if (list?.[1]) here = enter(root, list[1].split('.'), true);
    else if (table?.[1]) here = enter(root, table[1].split('.'), false);
    else if (pair?.[1] && pair[2]) {
      const value = valueOf(pair[2]);
      if (value !== undefined) here[pair[1]] = value;
    }
  }
  return root;
}

function enter(root: TomlTable, path: string[], adds: boolean): TomlTable {
  let here = root;
  path.forEach((name, i) => {
    const found = here[name];
    if (adds && i === path.length - 1) {
      const rows = (Array.isArray(found) ? found : []) as TomlTable[];
      here[name] = [...rows, {}];
    } else if (found === undefined || typeof found !== 'object') here[name] = {};
    const next = here[name];
    here = (Array.isArray(next) ? next.at(-1) : next) as TomlTable;
  });
  return here;
}

function valueOf(text: string): TomlValue | undefined {
  const string = /^"((?:[^"\\]|\\.)*)"/.exec(text);
  if (string) return (string[1] ?? '').replace(/\\(["\\])/g, '$1');
  if (text.startsWith('[')) return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((m) => m[1] ?? '');
  const word = text.split('#')[0]?.trim() ?? '';
  if (word === 'true' || word === 'false') return word === 'true';
  return /^-?\d[\d_]*$/.test(word) ? Number(word.replaceAll('_', '')) : undefined;
}

export function tableAt(table: TomlTable, name: string): TomlTable | undefined {
  const found = table[name];
  return found !== undefined && typeof found === 'object' && !Array.isArray(found) ? found : undefined;
}

export function rowsAt(table: TomlTable, name: string): TomlTable[] {
  const found = table[name];
  return Array.isArray(found) ? found.filter((row): row is TomlTable => typeof row === 'object' && !Array.isArray(row)) : [];
}

export function wordsAt(table: TomlTable | undefined, name: string): string[] {
  const found = table?.[name];
  return Array.isArray(found) ? found.filter((word): word is string => typeof word === 'string') : [];
}

export function numberAt(table: TomlTable | undefined, name: string): number | undefined {
  const found = table?.[name];
  return typeof found === 'number' ? found : undefined;
}
