/** Words of the server's, without React: tests and plain functions use it too. */
import type { Lang, TextKey } from '.';
import { en } from './en';
import { zh } from './zh';

/** A text for a word of the server's, or the word itself when there is none (then it is data). */
export function known(lang: Lang, group: string, word: string): string | undefined {
  const key = `${group}.${word}` as TextKey;
  return key in en ? { zh, en }[lang][key] : undefined;
}
