/** Pieces that several sections of the page are built from. */
import { type Html, type HtmlValue, html } from '../html.ts';

export interface Section {
  readonly id: string;
  /** Short, for the navigation. */
  readonly label: string;
  readonly title: string;
  /** One sentence: what one sees. */
  readonly lead: HtmlValue;
  readonly body: HtmlValue;
}

export function section({ id, title, lead, body }: Section): Html {
  return html`
<section id="${id}" aria-labelledby="${id}-title">
  <h2 id="${id}-title">${title}</h2>
  <p class="lead">${lead}</p>
  ${body}
</section>`;
}

/** A number as text, with its exact value for programs. */
export function number(value: number, text: string): Html {
  return html`<data value="${value}">${text}</data>`;
}

/** A number that may be missing. */
export function maybe(value: number | null | undefined, format: (value: number) => string): Html {
  if (value === null || value === undefined) return html`<span class="absent" title="not available">–</span>`;
  return number(value, format(value));
}

/** Where the page's script puts a plot. `text` says the same in words and numbers. */
export function plot(id: string, title: string, text: string, size: 'small' | 'medium' | 'tall' = 'medium'): Html {
  return html`
<figure class="panel">
  <figcaption id="${id}-caption">${title}</figcaption>
  <div class="plot ${size}" id="${id}" role="img" aria-labelledby="${id}-caption" aria-description="${text}"></div>
</figure>`;
}

/** Buttons that move all plots of a group together. */
export function zoomBar(group: string, label: string): Html {
  const button = (action: string, text: string, name: string) =>
    html`<button class="zoom-button" type="button" data-zoom="${action}" aria-label="${name}" title="${name}">${text}</button>`;
  return html`
<div class="zoom" role="group" aria-label="${label}" data-group="${group}">
  ${button('earlier', '←', 'Earlier')}
  ${button('out', '−', 'Zoom out')}
  ${button('in', '+', 'Zoom in')}
  ${button('later', '→', 'Later')}
  ${button('reset', 'Reset', 'Show everything')}
  <span class="hint zoom-hint">drag across a plot to zoom</span>
</div>`;
}

export interface Row {
  readonly label: HtmlValue;
  readonly cells: readonly HtmlValue[];
}

/** A table with a caption for those who cannot see it, and column heads. */
export function table(caption: string, heads: readonly string[], rows: readonly Row[]): Html {
  return html`
<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
<table>
  <caption class="unseen">${caption}</caption>
  <thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
  <tbody>${rows.map(
    (row) =>
      html`<tr><th scope="row">${row.label}</th>${row.cells.map((cell) => html`<td>${cell}</td>`)}</tr>
  `,
  )}</tbody>
</table>
</div>`;
}

/** A number that matters, large, with what it is above and a remark below; they stand in a list of class `tiles`. */
export function tile(label: string, value: HtmlValue, note: HtmlValue): Html {
  return html`<div class="tile"><dt>${label}</dt><dd>${value}</dd><dd class="note">${note}</dd></div>`;
}

/** Facts as a list of terms. */
export function facts(rows: readonly { readonly term: HtmlValue; readonly value: HtmlValue }[]): Html {
  return html`<dl class="facts">${rows.map(
    ({ term, value }) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`,
  )}</dl>`;
}
