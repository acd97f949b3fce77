// Elements made of text: nothing that a file says ever becomes markup.

export const byId = (id) => document.getElementById(id);

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    made.setAttribute(attribute, value);
  }
  made.append(...children);
  return made;
}

export const paragraph = (...children) => element('p', {}, ...children);

export function note(kind, head, ...children) {
  return element('section', { class: `note ${kind}` }, element('h2', {}, head), ...children);
}

export function table(caption, columns, rows) {
  const head = element('tr', {}, ...columns.map((name) => element('th', { scope: 'col' }, name)));
  const body = rows.map((row) => element('tr', {}, ...row.map(
    (cell, at) => element('td', { 'data-name': columns[at] }, cell))));
  return element('table', { class: 'stack' }, element('caption', {}, caption),
                 element('thead', {}, head), element('tbody', {}, ...body));
}

// Shows it in its place, and leads whoever reads with a screen reader or the keyboard to it.
export function show(id, ...children) {
  byId(id).replaceChildren(...children);
  byId(id).focus();
}
