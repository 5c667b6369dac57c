/** Evidence: a file goes into the vault under its hash; a fact then names it. */
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

export interface Given {
  claim: string;
  order: string;
  side: string;
  by: string;
  file: KeptFile;
}

function kindOf(mediaType: string): string {
  const [family = ''] = mediaType.split('/');
  if (family === 'image') return 'photo';
  return family === 'video' || family === 'audio' ? family : 'document';
}

/** Records that a file of the vault is evidence of a claim, under its hash. Only those who may record facts can. */
export async function giveEvidence(market: string, given: Given): Promise<void> {
  const fact = {
    source: 'console',
    key: `${given.claim}/evidence/${given.file.hash.slice(0, 24)}`,
    kind: 'evidence.given',
    at: new Date().toISOString(),
    body: { claim: given.claim, evidence: given.file.hash, evidence_kind: kindOf(given.file.media_type), file: given.file, given_by: given.by, order: given.order, side: given.side },
  };
  const asked = client.POST(`${here}/facts`, { params: { path: { market } }, body: fact });
  const { receipts } = await answer<{ receipts: { outcome: string; problem?: string; reason?: string }[] }>(asked);
  const refused = receipts.find((r) => r.outcome === 'refused');
  if (refused) throw new Problem(409, '/problems/refused', '', refused.reason ?? '', refused.problem ?? '');
}

/** Where a file of the vault is read. */
export function fileAddress(market: string, hash: string): string {
  return `/v1/markets/${encodeURIComponent(market)}/evidence/${hash}`;
}

