import { useTexts } from '../../i18n';
import { Pill, type Tone } from '../../parts/Pill';

const tones: Record<string, Tone> = { paid: 'info', cancelled: 'bad', dispatched: 'info', picked_up: 'info', signed: 'good', received: 'good' };

export function StatusTag({ status }: { status: string }) {
  const { word } = useTexts();
  return <Pill tone={tones[status] ?? 'plain'}>{word('status', status) ?? <span data-user-content>{status}</span>}</Pill>;
}
