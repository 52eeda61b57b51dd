/** What `twincell doctor --model` prints, against the same cell built straight on NEURON by a script of its own. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { modelJson } from '../../src/cli/doctor.ts';
import { twincell } from '../fixtures/cli.ts';
import { buildDirectly, MODELS, modelNamed, noHayMorphology } from '../fixtures/direct-l5pc.ts';

test('doctor reports the paper’s cell as NEURON builds it', async (context) => {
  context.skip(noHayMorphology !== null, noHayMorphology ?? '');
  const args = ['doctor', '--model', 'l5pc-hay', '--models', join(MODELS, 'hay2011'), '--json'];
  const { code, json } = await twincell(args);
  expect(code).toBe(0);
  const model = json.model as ReturnType<typeof modelJson>;
  expect(model).toMatchObject({ compartments: 642, basal: 262, apical: 377, sections: 196, nodes: 839 });
  const direct = await buildDirectly(await modelNamed('l5pc-hay'), null);
  const { section, x, area, axialResistance, dendrite, parameters } = model.segments;
  const ours = section.map((name, k) => ({
    section: name,
    x: x[k],
    area: area[k],
    ri: axialResistance[k],
    Ih: parameters['Ih.gIhbar']?.[k],
    Ca_LVAst: parameters['Ca_LVAst.gCa_LVAstbar']?.[k],
  }));
  // By place, since the direct build lists its rows in an order of its own.
  const key = (row: { section: string; x: number | undefined }) => `${row.section}(${row.x})`;
  const found = new Map(ours.map((row) => [key(row), row]));
  expect(direct.rows).toHaveLength(642);
  for (const row of direct.rows) {
    const { section: name, x: position, area: membrane, ri, Ih, Ca_LVAst } = row;
    expect(found.get(key(row))).toEqual({ section: name, x: position, area: membrane, ri, Ih, Ca_LVAst });
  }
  // The channels of the input are the dendritic segments in NEURON's order.
  const channels: string[] = [];
  for (const [k, channel] of dendrite.entries()) if (channel >= 0) channels[channel] = `${section[k]}(${x[k]})`;
  expect(channels).toEqual(direct.dendrites);
});
