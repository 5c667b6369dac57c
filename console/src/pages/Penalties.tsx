import { useParts } from '../app/router';
import { Board } from './penalties/Board';
import { PartyPage } from './penalties/PartyPage';

/** The public board, or how one party stands. */
export default function Penalties() {
  const [kind, id] = useParts();
  return kind && id ? <PartyPage key={`${kind}/${id}`} kind={kind} id={id} /> : <Board />;
}
