/** Texts of the console. A missing or misspelt key does not compile. */
import { useCallback } from 'react';

import { useSettings } from '../app/settings';
import { en } from './en';
import { known } from './known';
import { zh } from './zh';

export { known };

export type Lang = 'zh' | 'en';
export type TextKey = keyof typeof en;
export type Translate = (key: TextKey, values?: Record<string, string | number>) => string;

export const texts: Record<Lang, Record<TextKey, string>> = { zh, en };

export function translate(lang: Lang, key: TextKey, values: Record<string, string | number> = {}): string {
  return texts[lang][key].replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

export function useTexts(): { t: Translate; lang: Lang; word: (group: string, word: string) => string | undefined } {
  const { lang } = useSettings();
  const t = useCallback<Translate>((key, values) => translate(lang, key, values), [lang]);
  const word = useCallback((group: string, name: string) => known(lang, group, name), [lang]);
  return { t, lang, word };
}
