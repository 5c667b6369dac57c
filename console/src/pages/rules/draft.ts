/** A document to begin a change with: a free version of today, to hold from a month on, so that there is time for notice. */
export function nextDraft(text: string, now: Date, taken: string[]): string {
  const day = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  const today = taken.filter((version) => version.startsWith(`${day(0)}.`)).map((version) => Number(version.slice(11)) || 0);
  return text
    .replace(/^version\s*=.*$/m, `version = "${day(0)}.${Math.max(0, ...today) + 1}"`)
    .replace(/^effective_from\s*=.*$/m, `effective_from = "${day(30)}T00:00:00+08:00"`);
}
