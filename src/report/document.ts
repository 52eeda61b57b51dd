/** What every page of ours is: one HTML document that loads nothing, sends nothing, and runs only its own scripts. */
import { createHash } from 'node:crypto';
import { Html, html } from './html.ts';

export interface PageDocument {
  readonly title: string;
  readonly styles: readonly string[];
  /** Run at the body's end, in this order; where there are none the page may run nothing. */
  readonly scripts?: readonly string[];
  /** What the page's policy allows besides its own scripts and styles. */
  readonly allowed?: { readonly script?: string; readonly worker?: string };
  readonly body: Html;
}

/** Source expressions that let exactly these inline texts run. */
function only(texts: readonly string[]): string {
  return texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
}

function policy({ styles, scripts = [], allowed = {} }: PageDocument): string {
  const { script, worker } = allowed;
  return [
    "default-src 'none'",
    ...(scripts.length === 0 ? [] : [`script-src ${[only(scripts), script].filter(Boolean).join(' ')}`]),
    ...(worker === undefined ? [] : [`worker-src ${worker}`]),
    `style-src ${only(styles)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** The document's text. Equal parts give equal bytes. */
export function renderDocument(page: PageDocument): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(page)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="twincell">
<title>${page.title}</title>
<link rel="icon" href="data:,">
${page.styles.map((style) => html`<style>${new Html(style)}</style>\n`)}</head>
<body>
${page.body}
${(page.scripts ?? []).map((script) => html`<script>${new Html(script)}</script>\n`)}</body>
</html>
`.text;
}

/** The bar on top: links to sections of the page, and the button between light and dark. */
export function navigation(sections: readonly { readonly id: string; readonly label: string }[]): Html {
  const links = sections.map(
    ({ id, label }) => html`<a href="#${id}">${label}</a>
    `,
  );
  return html`
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
  <nav aria-label="Sections">${links}</nav>
  <button class="theme" type="button" id="theme" aria-pressed="false" aria-label="Dark theme" title="Light or dark"><span class="theme-mark" aria-hidden="true"></span></button>
</header>`;
}
