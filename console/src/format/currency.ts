/** Digits of the minor unit, ISO 4217, where they are not two. The same table as the server's. */
const digits: Record<string, number> = Object.fromEntries(
  [
    ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0] as const),
    ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ],
);

export function minorDigits(currency: string): number {
  return digits[currency] ?? 2;
}

/** Minor units as a decimal text, exact: 12345 of CNY is `123.45`. */
export function majorText(minor: number, currency: string): string {
  const places = minorDigits(currency);
  const sign = minor < 0 ? '-' : '';
  const text = String(Math.abs(minor)).padStart(places + 1, '0');
  return places === 0 ? sign + text : `${sign}${text.slice(0, -places)}.${text.slice(-places)}`;
}
