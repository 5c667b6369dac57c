import { Button, Input, Spin } from 'antd';
import { useEffect, useRef, useState } from 'react';

import { Problem } from '../api/problem';
import { useSignIn } from '../api/queries';
import { useTexts } from '../i18n';
import { Command } from '../parts/Command';
import { ProblemNote } from '../parts/ProblemNote';
import { navigate, usePlace } from './router';
import { useSettings } from './settings';

/** The token in a pasted link, or the paste itself. */
function tokenIn(text: string): string {
  const found = /[?&]token=([^&\s]+)/.exec(text);
  return found?.[1] ? decodeURIComponent(found[1]) : text.trim();
}

/** Changes a one-time link for a session, or says how to get one. */
export function SignIn() {
  const { t } = useTexts();
  const { lang, setLang } = useSettings();
  const place = usePlace();
  const signIn = useSignIn();
  const token = place.path === '/sign-in' ? place.query.get('token') : null;
  const tried = useRef<string | null>(null);
  const [pasted, setPasted] = useState('');

  const go = (text: string) =>
    signIn.mutate(text, { onSuccess: () => navigate(place.path === '/sign-in' ? '/' : place.path + window.location.search, { replace: true }) });

  useEffect(() => {
    if (token && tried.current !== token) {
      tried.current = token; // a link works once; strict mode runs effects twice
      go(token);
    }
  });

  useEffect(() => {
    document.title = `${t('sign_in.title')} · ${t('app.name')}`;
  }, [t]);

  const used = signIn.error instanceof Problem && signIn.error.status === 401;
  const working = signIn.isPending || (token !== null && signIn.isIdle);
  return (
    <div className="sign">
      <div className="sign-card">
        <div className="row">
          <img src="/favicon.svg" alt="" width={32} height={32} />
          <strong className="grow">{t('app.name')}</strong>
          <Button type="text" size="small" data-user-content lang={lang === 'zh' ? 'en' : 'zh'} onClick={() => setLang(lang === 'zh' ? 'en' : 'zh')}>
            {lang === 'zh' ? 'English' : '中文'}
          </Button>
        </div>
        {working ? (
          <div className="row"><Spin /> {t('sign_in.working')}</div>
        ) : (
          <>
            {signIn.error && !used ? (
              <ProblemNote problem={signIn.error} retry={() => go(token ?? tokenIn(pasted))} />
            ) : (
              <>
                <h1>{used ? t('sign_in.failed') : t('sign_in.none')}</h1>
                <p className="soft">{used ? t('sign_in.failed.way') : t('sign_in.none.way')}</p>
              </>
            )}
            <div><Command text="laotie sign-in" /></div>
            <form
              className="row"
              onSubmit={(event) => {
                event.preventDefault();
                if (pasted.trim()) go(tokenIn(pasted));
              }}
            >
              <Input value={pasted} onChange={(event) => setPasted(event.target.value)} placeholder={t('sign_in.paste')} aria-label={t('sign_in.paste')} />
              <Button type="primary" htmlType="submit" disabled={!pasted.trim()}>{t('sign_in.go')}</Button>
            </form>
          </>
        )}
      </div>
    </div>
  );
}
