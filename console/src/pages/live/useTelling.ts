import { useEffect, useMemo, useRef, useState } from 'react';

import { askSql } from '../../api/queries';
import { useFormats } from '../../app/market';
import { useTexts } from '../../i18n';
import type { Telling } from './says';

/** Names asked for at once. */
const batch = 200;
/** When what was not found is asked for again. */
const againMs = 10_000;

/** What sentences need: texts, formats, titles of shows, and names of items, which are looked up as they turn up. */
export function useTelling(market: string, items: readonly string[], titles: ReadonlyMap<string, string>): Telling {
  const { t, word } = useTexts();
  const formats = useFormats();
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  const asked = useRef(new Set<string>());

  useEffect(() => {
    const fresh = [...new Set(items)].filter((item) => !asked.current.has(item)).slice(0, batch);
    if (fresh.length === 0) return;
    fresh.forEach((item) => asked.current.add(item));
    const list = fresh.map((item) => `'${item.replaceAll("'", "''")}'`).join(', ');
    askSql(market, `select item, facts['name'] from item_listed where item in (${list})`, batch)
      .then(({ rows }) => rows.flatMap(([item, name]) => (name ? [[String(item), String(name)] as const] : [])))
      .catch((): [string, string][] => []) // ids stand in for names
      .then((found) => {
        setNames((before) => new Map([...before, ...found]));
        // What has no name yet may just not have reached the lake.
        const named = new Set(found.map(([item]) => item));
        window.setTimeout(() => fresh.filter((item) => !named.has(item)).forEach((item) => asked.current.delete(item)), againMs);
      });
  }, [market, items]);

  return useMemo(() => ({ t, word, formats, nameOf: (id) => names.get(id) ?? titles.get(id) ?? id }), [t, word, formats, names, titles]);
}
