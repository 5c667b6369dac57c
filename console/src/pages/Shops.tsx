import { useMay } from '../app/may';
import { useParts } from '../app/router';
import { Room } from './shops/Room';
import { Holders } from './shops/Holders';

/** Who holds and owes what: all holders for staff, one room for its owner. */
export default function Shops() {
  const [id, kind = 'shop'] = useParts();
  const { may, party, roles } = useMay();
  if (id !== undefined) return <Room key={`${kind}/${id}`} kind={kind} id={id} />;
  if (may('read_all_accounts')) return <Holders />;
  const own = roles.includes('merchant') ? 'shop' : (['streamer', 'provider', 'buyer'].find((role) => roles.includes(role)) ?? 'shop');
  return <Room kind={own} id={party} />;
}
