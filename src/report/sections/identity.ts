/** What the run was made of, so that it can be repeated. */
import type { Identity, Licence, ReportData } from '../data.ts';
import { type Html, html } from '../html.ts';
import { type Section, table } from './parts.ts';

/** A link only where it leads to the web and nowhere else. */
function link({ source, url }: Licence): Html {
  if (url === undefined || !/^https:\/\//i.test(url)) return html`${source}`;
  return html`<a href="${url}" rel="noreferrer">${source}</a>`;
}

function hashes(identity: Identity): Html {
  return table(
    'Hashes that identify the run',
    ['Part', 'sha256'],
    identity.hashes.map(({ name, sha256 }) => ({ label: name, cells: [html`<code>${sha256}</code>`] })),
  );
}

function versions(identity: Identity): Html {
  return table(
    'Versions of the programs used',
    ['Program', 'Version'],
    identity.versions.map(({ name, version }) => ({ label: name, cells: [html`<code>${version}</code>`] })),
  );
}

function licences(list: readonly Licence[]): Html {
  return html`
<h3>Model files</h3>
<p>Fetched when the machine was set up; not part of twincell, and under their own terms.</p>
${table(
  'Licences of the model files',
  ['What', 'Licence', 'Source'],
  list.map((licence) => ({ label: licence.what, cells: [licence.licence, link(licence)] })),
)}`;
}

export function identitySection({ identity }: ReportData): Section {
  const { seed, licences: models = [] } = identity;
  return {
    id: 'identity',
    label: 'Identity',
    title: 'What exactly was run',
    lead: html`Whoever has the same hashes and versions gets the same numbers: experiment <b>${identity.experiment}</b>${
      seed !== undefined && html`, seed <data value="${seed}">${seed}</data>`
    }.`,
    body: html`
<h3>Hashes</h3>
${hashes(identity)}
<h3>Versions</h3>
${versions(identity)}
${models.length > 0 && licences(models)}`,
  };
}
