import { useParts } from '../app/router';
import { RuleList } from './rules/RuleList';
import { RulePage } from './rules/RulePage';

/** The rules in force and what waits for approval, or one document with its versions. */
export default function Rules() {
  const [family, name] = useParts();
  return family && name ? <RulePage key={`${family}/${name}`} family={family} name={name} /> : <RuleList />;
}
