import { reasonOf } from './said';
import { sentence } from './format';

interface Props { code?: string; text?: string }

/** Why something waits or failed: in the reader's language, and below it the API's own words, which name the figures and what to do. */
export function Reason({ code, text }: Props) {
  const reason = reasonOf(code, text);
  const said = sentence(text);
  return <>{reason}{said !== '' && said !== reason && <span className="said" lang="en">{said}</span>}</>;
}

/** The same on one line of a table; the API's words on hover. */
export function ReasonLine({ code, text }: Props) {
  return <span className="clip" title={text || undefined}>{reasonOf(code, text)}</span>;
}
