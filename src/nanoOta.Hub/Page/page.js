'use strict';
// Rows are arrays, in the order of FleetRow.ToJson.
const ID = 0, PRODUCT = 1, GROUP = 2, WANTED = 3, CURRENT = 4, TARGET = 5, STATE = 6, WAITING = 7, PROGRESS = 8, CODE = 9, FAILED = 10, TIME = 11, REASON = 12, ONLINE = 13, HEARD = 14;
const PAGE = 100, COLORS = 6;
const $ = id => document.getElementById(id);
const rows = new Map();
const codes = new Map();
const colors = new Map();
let samples = [], shown = PAGE, opened = null, drawn = 0, pending = false, ordered = null;

const el = (tag, text, className) => {
  const node = document.createElement(tag);
  if (text !== undefined && text !== null) node.textContent = text;
  if (className) node.className = className;
  return node;
};
const isFailed = row => row[CODE] >= 100;
const isBusy = row => row[STATE] !== null && row[STATE] !== 'idle';
// A version may have the name of something that every object has, such as "constructor".
const countOf = (counts, version) => Object.hasOwn(counts, version) ? counts[version] : 0;
const kinds = {
  all: ['All devices', () => true],
  online: ['Online', row => row[ONLINE]],
  busy: ['Updating', row => isBusy(row)],
  failed: ['Failed', row => isFailed(row)],
  done: ['On wanted version', row => row[WANTED] !== null && row[CURRENT] === row[WANTED]],
};
const name = code => codes.has(code) ? codes.get(code)[0] : String(code);
const sentence = code => codes.has(code) ? codes.get(code)[1] : '';
const when = iso => iso ? new Date(iso).toLocaleString([], { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }) : '';
const ago = iso => {
  if (!iso) return '';
  const s = Math.max(0, Math.round((Date.now() - new Date(iso)) / 1000));
  return s < 60 ? `${s} s ago` : s < 3600 ? `${Math.floor(s / 60)} min ago` : s < 86400 ? `${Math.floor(s / 3600)} h ago` : when(iso);
};
// Newer versions first: numbers by value, a pre-release before its release.
const byVersion = (a, b) => {
  const cut = v => [v.split('-')[0].split('.').map(Number), v.includes('-') ? v.slice(v.indexOf('-')) : '~'];
  const [x, p] = cut(a), [y, q] = cut(b);
  for (let i = 0; i < 3; i++) if ((y[i] || 0) !== (x[i] || 0)) return (y[i] || 0) - (x[i] || 0);
  return p < q ? 1 : p > q ? -1 : 0;
};
const color = version => {
  if (!colors.has(version)) colors.set(version, colors.size < COLORS ? `var(--v${colors.size})` : 'var(--v6)');
  return colors.get(version);
};
const tally = (of, list = rows.values()) => {
  const counts = new Map();
  for (const row of list) {
    const key = of(row);
    if (key !== null && key !== undefined) counts.set(key, (counts.get(key) || 0) + 1);
  }
  return counts;
};

// Only what changed is replaced, so that focus and selection stay where they are.
const fill = (parent, nodes) => {
  nodes.forEach((node, i) => {
    const old = parent.children[i];
    if (!old) parent.append(node);
    else if (!old.isEqualNode(node)) {
      const had = old.contains(document.activeElement);
      old.replaceWith(node);
      if (had) (node.matches('button') ? node : node.querySelector('button'))?.focus();
    }
  });
  while (parent.children.length > nodes.length) parent.lastElementChild.remove();
};
const options = (select, entries) => {
  const value = select.value;
  fill(select, entries.map(([key, text]) => { const o = el('option', text); o.value = key; return o; }));
  select.value = entries.some(([key]) => key === value) ? value : '';
};
const set = (select, value) => { select.value = select.value === value ? (select.id === 'kind' ? 'all' : '') : value; shown = PAGE; draw(); $('devices').scrollIntoView({ block: 'start' }); };

function drawTotals() {
  fill($('totals'), Object.entries(kinds).map(([kind, [text, is]]) => {
    let n = 0;
    for (const row of rows.values()) if (is(row)) n++;
    const item = el('li'), button = el('button');
    button.type = 'button';
    button.dataset.kind = kind;
    button.setAttribute('aria-pressed', String($('kind').value === kind && kind !== 'all'));
    button.append(el('b', n.toLocaleString(), n > 0 ? 'some' : ''), el('span', kind === 'all' ? 'Devices' : text));
    item.append(button);
    return item;
  }));
}

function drawChart() {
  const box = $('chart'), w = Math.max(240, box.clientWidth), h = 170, left = 40, bottom = 22, top = 8;
  const ns = 'http://www.w3.org/2000/svg';
  const svgEl = (tag, attributes, text) => {
    const node = document.createElementNS(ns, tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const now = [...tally(row => row[CURRENT])].sort((a, b) => byVersion(a[0], b[0]));
  // As the samples: the versions of most devices, and the others together.
  const most20 = new Set([...now].sort((a, b) => b[1] - a[1]).slice(0, 20).map(([v]) => v)), others = now.filter(([v]) => !most20.has(v)).reduce((sum, [, n]) => sum + n, 0);
  const summed = [...now.filter(([v]) => most20.has(v)), ...(others ? [['others', others]] : [])];
  const list = samples.length ? [...samples, [new Date().toISOString(), Object.fromEntries(summed)]] : [];
  const versions = [...new Set(list.flatMap(([, counts]) => Object.keys(counts)))].sort(byVersion).reverse();
  versions.forEach(color);
  const svg = svgEl('svg', { viewBox: `0 0 ${w} ${h}`, role: 'img', 'aria-label': now.length ? `Now: ${now.map(([v, n]) => `${n} on ${v}`).join(', ')}` : 'No reports yet' });
  if (list.length) {
    const t0 = +new Date(list[0][0]), t1 = Math.max(+new Date(list[list.length - 1][0]), t0 + 1000);
    const most = Math.max(1, ...list.map(([, counts]) => Object.values(counts).reduce((a, b) => a + b, 0)));
    const x = iso => left + (new Date(iso) - t0) / (t1 - t0) * (w - left - 4), y = n => top + (1 - n / most) * (h - top - bottom);
    for (const part of [0, .5, 1]) {
      const n = Math.round(most * part);
      svg.append(svgEl('line', { class: 'grid', x1: left, x2: w, y1: y(most * part), y2: y(most * part) }), svgEl('text', { x: left - 6, y: y(most * part) + 4, 'text-anchor': 'end' }, n.toLocaleString()));
    }
    const base = list.map(() => 0);
    for (const version of versions) {
      const up = [], down = [];
      list.forEach(([time, counts], i) => {
        const from = base[i], to = from + countOf(counts, version);
        if (i > 0) { up.push(`${x(time)},${y(up.last)}`); down.push(`${x(time)},${y(down.last)}`); }
        up.push(`${x(time)},${y(to)}`); down.push(`${x(time)},${y(from)}`);
        up.last = to; down.last = from; base[i] = to;
      });
      svg.append(svgEl('polygon', { points: [...up, ...down.reverse()].join(' ') }));
      svg.lastElementChild.style.fill = color(version);
    }
    const clock = t => new Date(t).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: t1 - t0 < 600000 ? '2-digit' : undefined, hourCycle: 'h23' });
    svg.append(svgEl('text', { x: left, y: h - 5 }, clock(t0)), svgEl('text', { x: w - 4, y: h - 5, 'text-anchor': 'end' }, clock(t1)));
  }
  box.replaceChildren(svg);
  fill($('legend'), now.map(([version, n]) => {
    const item = el('li'), button = el('button'), dot = el('i');
    button.type = 'button';
    button.dataset.version = version;
    dot.style.background = color(version);
    button.append(dot, el('span', version), el('b', n.toLocaleString()));
    item.append(button);
    return item;
  }));
}

function drawFailures() {
  const failed = [...tally(row => isFailed(row) ? row[CODE] : null)].sort((a, b) => b[1] - a[1]);
  fill($('failures'), failed.length === 0 ? [el('p', 'No device has failed.')] : failed.map(([code, n]) => {
    const button = el('button');
    button.type = 'button';
    button.dataset.code = code;
    button.append(el('strong', `${name(code)} (${code})`), el('b', n.toLocaleString()), el('small', sentence(code)));
    return button;
  }));
  const states = [...tally(row => row[STATE])].sort((a, b) => b[1] - a[1]);
  fill($('states'), states.map(([state, n]) => {
    const item = el('li'), bar = el('span', null, 'bar'), part = el('i', null, state === 'idle' ? 'idle' : '');
    part.style.width = `${Math.max(1, n / rows.size * 100)}%`;
    bar.append(part);
    item.append(el('span', state), bar, el('b', n.toLocaleString()));
    return item;
  }));
}

function drawFilters() {
  options($('kind'), Object.entries(kinds).map(([kind, [text]]) => [kind, text]));
  if (!$('kind').value) $('kind').value = 'all';
  options($('version'), [['', 'any'], ...[...tally(row => row[CURRENT]).keys()].sort(byVersion).map(v => [v, v])]);
  options($('group'), [['', 'any'], ...[...tally(row => row[GROUP]).keys()].sort().map(g => [g, g])]);
  options($('code'), [['', 'any'], ...[...tally(row => row[CODE]).keys()].sort((a, b) => a - b).map(c => [String(c), `${c} ${name(c)}`])]);
}

function drawRows() {
  const search = $('search').value.trim().toLowerCase(), version = $('version').value, group = $('group').value, code = $('code').value;
  const is = kinds[$('kind').value || 'all'][1];
  ordered ??= [...rows.keys()].sort();
  const found = ordered.map(id => rows.get(id)).filter(row => is(row)
    && (!version || row[CURRENT] === version) && (!group || row[GROUP] === group) && (!code || String(row[CODE]) === code)
    && (!search || [row[ID], row[PRODUCT], row[GROUP], row[CURRENT], row[STATE], name(row[CODE])].some(text => text && String(text).toLowerCase().includes(search))));
  // What failed comes first, then what is under way.
  found.sort((a, b) => (isFailed(b) - isFailed(a)) || (isBusy(b) - isBusy(a)));
  fill($('rows'), found.slice(0, shown).map(row => {
    const tr = el('tr'), device = el('td', null, row[ONLINE] ? 'dot on' : 'dot'), open = el('button', row[ID]), state = el('td'), last = el('td');
    open.type = 'button';
    open.dataset.device = row[ID];
    device.append(open, el('span', row[ONLINE] ? ', online' : ', offline', 'hidden'));
    state.append(el('span', row[WAITING] ? name(row[WAITING]) : row[STATE] ?? 'no report', isBusy(row) ? (row[WAITING] ? 'late' : 'busy') : row[STATE] ? '' : 'soft'));
    if (row[STATE] === 'downloading') {
      const bar = el('progress');
      bar.max = 100;
      bar.value = row[PROGRESS];
      bar.setAttribute('aria-label', 'downloaded');
      state.append(bar);
    }
    if (row[CODE] !== null) {
      last.append(el('span', name(row[CODE]), isFailed(row) ? 'bad' : 'good'));
      if (row[FAILED]) last.append(el('span', ` ${row[FAILED]}`, 'soft'));
    }
    const heard = el('td', ago(row[HEARD]), 'soft');
    tr.append(device, el('td', [row[PRODUCT], row[GROUP]].filter(Boolean).join(' / '), 'soft'), el('td', row[CURRENT] ?? ''), el('td', row[WANTED] ?? row[TARGET] ?? ''), state, last, heard);
    return tr;
  }));
  $('none').hidden = found.length > 0 || rows.size === 0;
  $('more').hidden = found.length <= shown;
  const text = found.length === rows.size ? `${rows.size.toLocaleString()} devices` : `${found.length.toLocaleString()} of ${rows.size.toLocaleString()}`;
  if ($('count').textContent !== text) $('count').textContent = text;
}

function draw() {
  pending = false;
  drawn = Date.now();
  drawFilters();
  drawTotals();
  drawChart();
  drawFailures();
  drawRows();
}
// At most twice a second, however much comes.
function drawSoon() {
  if (pending) return;
  pending = true;
  setTimeout(draw, Math.max(0, 500 - (Date.now() - drawn)));
}

function take(data) {
  for (const [code, text, says] of data.codes ?? []) codes.set(code, [text, says]);
  for (const row of data.rows ?? []) {
    if (!rows.has(row[ID])) ordered = null;
    rows.set(row[ID], row);
  }
  for (const id of data.gone ?? []) { rows.delete(id); ordered = null; }
  if (data.samples) samples = data.samples;
  if (data.sample) samples.push(data.sample);
  if (samples.length > 600) samples = samples.filter((_, i) => i % 2 === 0 || i === samples.length - 1);
  if (data.source) $('source').textContent = data.source;
  if (opened && (data.rows ?? []).some(row => row[ID] === opened)) detail(opened);
  drawSoon();
}

async function detail(id) {
  opened = id;
  const row = rows.get(id);
  $('detail-title').textContent = id;
  const facts = row ? [['Group', [row[PRODUCT], row[GROUP]].filter(Boolean).join(' / ')], ['Runs', row[CURRENT]], ['Wanted', row[WANTED]], ['State', row[WAITING] ? `${row[STATE]}: ${sentence(row[WAITING])}` : row[STATE]],
    ['Last result', row[CODE] === null ? null : `${name(row[CODE])} (${row[CODE]})${row[FAILED] ? `, ${row[FAILED]}` : ''}. ${sentence(row[CODE])}`], ['Reason', row[REASON]], ['At', when(row[TIME])], ['Connection', row[ONLINE] ? 'online' : 'offline'], ['Heard', when(row[HEARD])]] : [];
  $('facts').replaceChildren(...facts.filter(([, text]) => text).flatMap(([term, text]) => [el('dt', term), el('dd', text)]));
  if (!$('detail').open) $('detail').showModal();
  const answer = await fetch(`.page/history?device=${encodeURIComponent(id)}`);
  if (opened !== id || !answer.ok) return;
  const list = await answer.json();
  $('history').replaceChildren(...(list.length ? list.map(item => {
    const li = el('li'), time = el('time', when(item.time)), text = el('span');
    time.dateTime = item.time;
    text.append(el('span', item.text, item.kind));
    li.append(time, text);
    return li;
  }) : [el('li', 'Nothing yet.')]));
}

function connect() {
  const live = (state, text) => { $('live').dataset.state = state; $('live').textContent = text; };
  const source = new EventSource('.page/events');
  source.addEventListener('all', event => { rows.clear(); ordered = null; take(JSON.parse(event.data)); live('on', 'live'); });
  source.addEventListener('some', event => take(JSON.parse(event.data)));
  source.onerror = () => live('lost', 'connection lost, trying again');
}

document.addEventListener('click', event => {
  const button = event.target.closest('button');
  if (!button) return;
  const { kind, version, code, device } = button.dataset;
  if (kind) set($('kind'), kind);
  else if (version) set($('version'), version);
  else if (code) set($('code'), code);
  else if (device) detail(device);
});
for (const id of ['search', 'kind', 'version', 'group', 'code']) $(id).addEventListener('input', () => { shown = PAGE; draw(); });
$('filters').addEventListener('reset', () => setTimeout(() => { $('kind').value = 'all'; shown = PAGE; draw(); }));
$('filters').addEventListener('submit', event => event.preventDefault());
$('more').addEventListener('click', () => { shown += PAGE; drawRows(); });
$('close').addEventListener('click', () => $('detail').close());
$('detail').addEventListener('close', () => { opened = null; });
$('detail').addEventListener('click', event => { if (event.target === $('detail')) $('detail').close(); });
setInterval(drawRows, 10000);
addEventListener('resize', drawSoon);
draw();
connect();
