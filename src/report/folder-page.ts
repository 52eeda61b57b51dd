/** A model folder's cross-check as one page: every mechanism and every morphology, with its verdict. */
import { renderDocument } from './document.ts';
import { type Html, type HtmlValue, html } from './html.ts';
import { pageStyle } from './inline.ts';
import { facts, number, table } from './sections/parts.ts';

/** One file of the folder. */
export interface FolderRow {
  /** Path within the folder. */
  readonly file: string;
  readonly status: string;
  /** Whether the status is one to be content with. */
  readonly good: boolean;
  readonly cells: readonly string[];
  /** Why, where the status needs a reason. */
  readonly message: string;
}

export interface FolderPart {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  /** Heads of `cells`, between the status and the message. */
  readonly heads: readonly string[];
  readonly rows: readonly FolderRow[];
}

export interface FolderPage {
  /** The folder's name. */
  readonly name: string;
  readonly status: string;
  readonly good: boolean;
  readonly parts: readonly FolderPart[];
  /** NEURON's version and the like. */
  readonly identity: readonly { readonly term: string; readonly value: string }[];
}

/** The whole page; it stands alone and runs nothing. Equal data give equal bytes. */
export function renderFolderPage(page: FolderPage): string {
  return renderDocument({
    title: `${page.name} – twincell cross-check`,
    styles: [pageStyle()],
    body: html`<main id="main">
<h1>${page.name}: NEURON and twincell</h1>
${headline(page)}
${facts(page.identity.map(({ term, value }) => ({ term, value })))}
${page.parts.map(partSection)}
</main>
<footer><p>Written by twincell as one file; it loads nothing and sends nothing.</p></footer>`,
  });
}

function headline({ status, good, parts }: FolderPage): Html {
  const counts = parts.map(({ title, rows }) => {
    const fine = rows.filter((row) => row.status === 'agrees').length;
    return html` ${number(fine, String(fine))} of ${number(rows.length, String(rows.length))} ${title.toLowerCase()} agree.`;
  });
  return html`<p class="verdict ${good ? 'good' : 'bad'}"><span class="verdict-mark" aria-hidden="true">${good ? '✓' : '!'}</span><span><b>${status}</b>.${counts}</span></p>`;
}

function partSection({ id, title, lead, heads, rows }: FolderPart): Html {
  const body: HtmlValue =
    rows.length === 0
      ? html`<p>None in this folder.</p>`
      : table(
          title,
          ['file', 'verdict', ...heads, 'why'],
          rows.map((row) => ({
            label: row.file,
            cells: [row.good ? row.status : html`<b>${row.status}</b>`, ...row.cells, row.message],
          })),
        );
  return html`
<section id="${id}" aria-labelledby="${id}-title">
  <h2 id="${id}-title">${title}</h2>
  <p class="lead">${lead}</p>
  ${body}
</section>`;
}
