/** What the reader chose: language, light or dark, and whether anything moves. */
import { type ReactNode, createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';

import type { Lang } from '../i18n';

export type Look = 'system' | 'light' | 'dark';

interface Settings {
  lang: Lang;
  look: Look;
  dark: boolean;
  still: boolean;
  setLang(lang: Lang): void;
  setLook(look: Look): void;
}

const Context = createContext<Settings | undefined>(undefined);

function stored(name: string): string | null {
  try {
    return window.localStorage.getItem(`laotie.${name}`);
  } catch {
    return null; // storage can be switched off; the choice then lasts as long as the page
  }
}

function store(name: string, value: string): void {
  try {
    window.localStorage.setItem(`laotie.${name}`, value);
  } catch {
    // as above
  }
}

function fromAddress(name: string): string | null {
  return new URLSearchParams(window.location.search).get(name);
}

function firstLang(): Lang {
  const chosen = fromAddress('lang') ?? stored('lang') ?? navigator.language;
  return chosen.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

function firstLook(): Look {
  const chosen = fromAddress('theme') ?? stored('look');
  return chosen === 'dark' || chosen === 'light' ? chosen : 'system';
}

function useMedia(query: string): boolean {
  const [matches, setMatches] = useState(() => window.matchMedia(query).matches);
  useEffect(() => {
    const media = window.matchMedia(query);
    const changed = () => setMatches(media.matches);
    media.addEventListener('change', changed);
    return () => media.removeEventListener('change', changed);
  }, [query]);
  return matches;
}

const asksForStill = fromAddress('still') === '1';

export function SettingsProvider({ children }: { children: ReactNode }) {
  const [lang, chooseLang] = useState(firstLang);
  const [look, chooseLook] = useState(firstLook);
  const systemDark = useMedia('(prefers-color-scheme: dark)');
  const lessMotion = useMedia('(prefers-reduced-motion: reduce)');
  const dark = look === 'dark' || (look === 'system' && systemDark);
  const still = asksForStill || lessMotion;

  const setLang = useCallback((next: Lang) => {
    store('lang', next);
    chooseLang(next);
  }, []);
  const setLook = useCallback((next: Look) => {
    store('look', next);
    chooseLook(next);
  }, []);

  useEffect(() => {
    const root = document.documentElement;
    root.lang = lang === 'zh' ? 'zh-CN' : 'en';
    root.dataset.theme = dark ? 'dark' : 'light';
    root.dataset.still = String(still);
    root.style.colorScheme = dark ? 'dark' : 'light';
  }, [lang, dark, still]);

  const value = useMemo(() => ({ lang, look, dark, still, setLang, setLook }), [lang, look, dark, still, setLang, setLook]);
  return <Context value={value}>{children}</Context>;
}

export function useSettings(): Settings {
  const settings = useContext(Context);
  if (!settings) throw new Error('useSettings needs a SettingsProvider above it');
  return settings;
}
