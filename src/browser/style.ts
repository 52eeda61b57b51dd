/** What the page's style has beyond the report's. */
import { readFileSync } from 'node:fs';

export function liveStyle(): string {
  return readFileSync(new URL('./live.css', import.meta.url), 'utf8');
}
