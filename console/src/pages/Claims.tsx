import { useParts } from '../app/router';
import { ClaimPage } from './claims/ClaimPage';
import { Intake } from './claims/Intake';
import { Queue } from './claims/Queue';

/** The queue of claims, one of them, or a new one. */
export default function Claims() {
  const [id] = useParts();
  if (id === undefined) return <Queue />;
  return id === 'new' ? <Intake /> : <ClaimPage key={id} id={id} />;
}
