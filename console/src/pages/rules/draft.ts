/** A document to begin a change with: a version of today, to hold from a month on, so that there is time for notice. */
export function nextDraft(text: string, now: Date): string {
  const day = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
  return text
    .replace(/^version\s*=.*$/m, `version = "${day(0)}.1"`)
    .replace(/^effective_from\s*=.*$/m, `effective_from = "${day(30)}T00:00:00+08:00"`);
}
