/** Brings the page to life. Everything readable is in the page already; this draws. */
import { setUpCrosscheck } from './crosscheck.ts';
import { setUpCell } from './movie.ts';
import type { Payload } from './payload.ts';
import type { Group } from './plots.ts';
import { setUpRaster } from './raster.ts';
import { onThemeChange, setUpTheme } from './theme.ts';
import { setUpTwin } from './twin.ts';

async function start(): Promise<void> {
  setUpTheme();
  const payload = JSON.parse(document.getElementById('payload')?.textContent ?? '{}') as Payload;
  const { clock, group, inputGroup } = await setUpCell(payload);
  if (payload.input) await setUpRaster(payload.input, clock, inputGroup);
  const groups: Group[] = [
    ...new Set([group, inputGroup]),
    ...(payload.crosscheck ? await setUpCrosscheck(payload.crosscheck) : []),
    ...(await setUpTwin(payload)),
  ];
  onThemeChange(() => {
    for (const panel of groups.flatMap(({ panels }) => panels)) panel.build();
  });
}

start().then(
  () => document.documentElement.setAttribute('data-ready', ''),
  (error: unknown) => console.error(error),
);
