/** Evidence: a file goes into the vault under its hash; a fact then names it. */
import type { Done } from './claims';
import { answer, client } from './client';
import { Problem } from './problem';

const here = '/v1/markets/{market}' as const;

export interface KeptFile {
  hash: string;
  size_bytes: number;
  media_type: string;
}

/** Sends a file's bytes as they are. */
export async function keepFile(market: string, file: File): Promise<KeptFile> {
  let response: Response;
  try {
    response = await fetch(`/v1/markets/${encodeURIComponent(market)}/evidence`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'Content-Type': file.type || 'application/octet-stream', 'X-Laotie-Csrf': '1' },
      body: file,
    });
  } catch {
    throw Problem.unreachable();
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw Problem.of(response.status, body);
  return body as KeptFile;
}

/** Puts a file that the vault holds before a claim; staff say for which side. */
export function giveEvidence(market: string, claim: string, hash: string, side?: string): Promise<Done> {
  return answer<Done>(client.POST(`${here}/claims/{id}/evidence`, { params: { path: { market, id: claim }, query: side ? { side } : {} }, body: { hash } as never }));
}

/** Where a file of the vault is read. */
export function fileAddress(market: string, hash: string): string {
  return `/v1/markets/${encodeURIComponent(market)}/evidence/${hash}`;
}

