/** `twincell doctor`: is this machine ready, and with `--model`: what is this cell? */
import Table from 'cli-table3';
import type { Command } from 'commander';
import { inspect } from '../../env/index.mjs';
import { parseExperiment } from '../experiment/index.ts';
import { prepare } from '../launch/prepare.ts';
import { type CellSnapshot, compartmentRows, dendriteRows } from '../model/index.ts';
import { type Context, runAction } from './context.ts';
import { experimentFromOptions, type SharedOptions, withShared } from './options.ts';
import { prepareOptions } from './simulate.ts';

export function addDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('say whether this machine is ready; with --model also build the cell and say what it is made of');
  withShared(command, ['model', 'models', 'passive']);
  command.action((options: SharedOptions) =>
    runAction('doctor', options.json === true, async (context) => {
      const checks = await inspect();
      printChecks(checks, context);
      const missing = checks.filter((check) => check.status === 'missing');
      const model = options.model === undefined ? undefined : await describeModel(options, context);
      context.output.result({ ready: missing.length === 0, checks, ...(model === undefined ? {} : { model }) });
      return missing.length === 0 ? 0 : 3;
    }),
  );
}

function printChecks(checks: Awaited<ReturnType<typeof inspect>>, { output }: Context): void {
  const table = new Table({ style: { head: [], border: [] }, wordWrap: true, colWidths: [16, 9, 70] });
  for (const { name, status, found, remedy } of checks) {
    table.push([name, status, remedy === undefined ? found : `${found}\n→ ${remedy}`]);
  }
  output.line(table.toString());
}

/** Builds the cell in NEURON and reports its compartments in NEURON's own order. */
async function describeModel(options: SharedOptions, context: Context) {
  const prepared = await prepare(parseExperiment(experimentFromOptions(options)), prepareOptions(options, context));
  const engine = prepared.createEngine('neuron', 1);
  const task = context.progress.task(`Building ${prepared.model.card.name} in NEURON`, 1);
  try {
    const snapshot = await engine.describe(prepared.cell, context.signal);
    task.finish();
    const description = modelJson(prepared.model.card.name, snapshot, prepared.model.hashes);
    const { compartments, basal, apical, sections, nodes } = description;
    context.output.line(
      `${description.name}: ${compartments} compartments in ${sections} sections (${nodes} nodes), ` +
        `${basal} basal and ${apical} apical segments, ${2 * (basal + apical)} input channels`,
    );
    context.output.line(`  mechanisms in NEURON's order: ${snapshot.mechanismOrder.join(', ')}`);
    context.output.line(
      `  membrane ${description.areaUm2.toFixed(1)} µm², celsius ${snapshot.celsius} °C, v_init ${snapshot.vInit} mV`,
    );
    return description;
  } finally {
    await engine.close();
  }
}

/**
 * The cell as JSON: counts, and for every compartment (in order) its place, area (µm²), axial resistance to its parent
 * (MΩ), path distance (µm) and each mechanism's parameters; null where a mechanism is not inserted.
 */
export function modelJson(name: string, snapshot: CellSnapshot, hashes: Readonly<Record<string, string>>) {
  const rows = compartmentRows(snapshot);
  const pick = (column: Float64Array) => Array.from(rows, (row) => column[row] as number);
  const dendrites = dendriteRows(snapshot);
  const count = (type: string) => dendrites.filter((row) => snapshot.sectionType[row] === type).length;
  const parameters = Object.fromEntries(
    [...snapshot.parameters].map(([key, column]) => [
      key,
      pick(column).map((value) => (Number.isNaN(value) ? null : value)),
    ]),
  );
  const area = pick(snapshot.area);
  return {
    name,
    compartments: rows.length,
    basal: count('basal'),
    apical: count('apical'),
    sections: snapshot.sectionNames.length,
    nodes: snapshot.nodes,
    areaUm2: area.reduce((sum, value) => sum + value, 0),
    celsius: snapshot.celsius,
    vInit: snapshot.vInit,
    mechanismOrder: snapshot.mechanismOrder,
    hashes,
    segments: {
      section: Array.from(rows, (row) => snapshot.sectionNames[snapshot.section[row] as number] as string),
      region: Array.from(rows, (row) => snapshot.sectionType[row] as string),
      x: pick(snapshot.x),
      dendrite: Array.from(rows, (row) => snapshot.dendrite[row] as number),
      area,
      axialResistance: pick(snapshot.axialResistance),
      pathDistance: pick(snapshot.pathDistance),
      parameters,
    },
  };
}
