import { useTexts } from '../../i18n';
import { Pill, type Tone } from '../../parts/Pill';

const stages: Record<string, Tone> = { open: 'info', offered: 'open', in_review: 'open', decided: 'good', appealed: 'bad', final: 'good', withdrawn: 'plain' };
const outcomes: Record<string, Tone> = { upheld: 'good', upheld_in_part: 'good', rejected: 'bad', withdrawn: 'plain', lapsed: 'plain' };

/** Whether nobody has anything left to do: no clock runs then. */
export function isClosed(stage: string): boolean {
  return stage === 'final' || stage === 'withdrawn';
}

export function StageTag({ stage }: { stage: string }) {
  const { word } = useTexts();
  return <Pill tone={stages[stage] ?? 'plain'}>{word('stage', stage) ?? <span data-user-content>{stage}</span>}</Pill>;
}

export function OutcomeTag({ outcome }: { outcome: string }) {
  const { word } = useTexts();
  return <Pill tone={outcomes[outcome] ?? 'plain'}>{word('outcome', outcome) ?? <span data-user-content>{outcome}</span>}</Pill>;
}
