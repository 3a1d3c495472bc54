// Runs once, with Gradio's `element` (the evidence pane) and `trigger`. Whatever is clicked in the
// chat, the list of figures, the cards or the pane becomes one event for app.py. Links carry what
// they mean in their address (#cite-1-0), since Gradio's sanitiser takes other attributes away.
if (window.rqStop) window.rqStop();
const stop = new AbortController();
window.rqStop = () => stop.abort();
const on = (type, act, options = {}) =>
  document.addEventListener(type, act, {...options, signal: stop.signal});
const narrow = () => window.innerWidth <= 900;
const show = () => { if (narrow()) element.scrollIntoView({behavior: 'smooth'}); };

// -- zoom: kept from one citation to the next -------------------------------------------------
let zoom = 1;
const place = () => {
  const sheet = element.querySelector('.rq-sheet');
  if (!sheet) return;
  const paper = sheet.querySelector('.rq-paper');
  const mark = sheet.querySelector('.rq-mark:not(.rq-other)');
  paper.style.width = `${zoom * 100}%`;
  if (!mark) return;
  sheet.scrollLeft = mark.offsetLeft + mark.offsetWidth / 2 - sheet.clientWidth / 2;
  sheet.scrollTop = mark.offsetTop + mark.offsetHeight / 2 - sheet.clientHeight / 2;
};
const zoomBy = (step) => {
  zoom = step === 0 ? 1 : Math.min(4, Math.max(1, zoom * (step > 0 ? 1.4 : 1 / 1.4)));
  place();
};
new MutationObserver(place).observe(element, {childList: true, subtree: true});
window.addEventListener('resize', place, {signal: stop.signal});

// -- clicks -----------------------------------------------------------------------------------
const links = {
  cite: ([turn, position]) => { trigger('select', {turn: +turn, position: +position}); show(); },
  ask: (_, text) => trigger('ask', {question: text}),
  right: ([turn]) => trigger('judge', {turn: +turn, verdict: 'right'}),
  wrong: ([turn]) => trigger('judge', {turn: +turn, verdict: 'wrong'}),
  figure: ([id]) => { trigger('pick', {figure: id}); show(); },
};
const buttons = {
  step: (value) => trigger('step', {step: +value}),
  cite: (value) => trigger('select', {turn: -1, position: +value}),
  zoom: (value) => zoomBy(+value),
  figure: (value) => { trigger('pick', {figure: value}); show(); },
  sort: (value) => trigger('sort', {column: value}),
  screen: (value) => trigger('screen', {step: +value}),
  open: (value) => trigger('open', {report: value}),
  publish: (value) => trigger('publish', {report: value}),
};
const asked = new WeakSet();  // remove buttons that were clicked once
const removal = (button) => {
  if (asked.has(button)) return trigger('remove', {report: button.dataset.remove});
  asked.add(button);
  button.textContent = button.dataset.sure;
};
on('click', (event) => {
  const link = event.target.closest('a[href*="#"]');
  const [name, ...rest] = (link?.getAttribute('href').split('#')[1] ?? '').split('-');
  if (links[name]) {
    event.preventDefault();
    event.stopPropagation();
    links[name](rest, link.textContent);
    return;
  }
  const remove = event.target.closest('[data-remove]');
  if (remove) return removal(remove);
  for (const [name, act] of Object.entries(buttons)) {
    const button = event.target.closest(`button[data-${name}]`);
    if (button) return act(button.dataset[name]);
  }
  const row = event.target.closest('tr[data-row]');
  if (row) return buttons.figure(row.dataset.row);
  if (event.target.closest('.rq-paper')) zoomBy(zoom > 1 ? 0 : 4);
}, {capture: true});

// -- uploads that the door refused: Gradio shows the whole reply; said here in the door's words ----
const told = new WeakSet();
const refused = () => {
  for (const toast of document.querySelectorAll('.toast-body')) {
    const reply = toast.textContent.match(/HTTP \d{3}: (\{.*\})/s);
    if (!reply || told.has(toast)) continue;
    told.add(toast);
    try { trigger('refused', {text: JSON.parse(reply[1]).detail}); } catch { continue; }
    toast.querySelector('button')?.click();
  }
};

// -- keys: / asks, arrows step through the citations, + - 0 zoom --------------------------------
on('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest('input, textarea, select, [contenteditable="true"]')) return;
  const inPane = element.contains(event.target);
  if (event.key === '/') {
    event.preventDefault();
    document.querySelector('#rq-question textarea')?.focus();
  } else if (inPane && ['ArrowLeft', 'ArrowRight'].includes(event.key) && zoom === 1) {
    trigger('step', {step: event.key === 'ArrowLeft' ? -1 : 1});
  } else if (inPane && ['+', '=', '-', '0'].includes(event.key)) {
    event.preventDefault();
    zoomBy({'-': -1, '0': 0}[event.key] ?? 1);
  }
});

// -- what Gradio leaves unsaid to screen readers ------------------------------------------------
// A message is labelled with its source text, which is markup here: the label is taken off. What
// acts is called a button, and the language of the page is the browser's.
const label = () => {
  for (const message of document.querySelectorAll('#rq-chat [data-testid="bot"][aria-label]'))
    message.removeAttribute('aria-label');
  for (const link of document.querySelectorAll('#rq-chat a[href*="#"]:not([role])'))
    link.setAttribute('role', 'button');
  document.querySelector('#rq-question textarea')?.setAttribute('aria-keyshortcuts', '/');
};
// Plotly draws before its place has a width, and again when the window says that it has changed.
let tries = 0, fitting = 0;
const fit = (wait = 120) => {
  clearTimeout(fitting);
  fitting = setTimeout(() => {
    const wrong = [...document.querySelectorAll('.js-plotly-plot')].some((plot) => {
      const drawn = plot.querySelector('.main-svg')?.getBoundingClientRect().width;
      return drawn && plot.offsetWidth && Math.abs(drawn - plot.offsetWidth) > 2;
    });
    tries = wrong ? tries + 1 : 0;
    if (!wrong || tries > 20) return;
    window.dispatchEvent(new Event('resize'));
    fit(500);
  }, wait);
};

document.documentElement.lang = navigator.language;

// A new question goes to the top of the chat, so that its answer is read from the figure down.
let questions = 0;
const follow = () => {
  const asked = document.querySelectorAll('#rq-chat .message.user');
  if (asked.length > questions) {
    const box = document.querySelector('#rq-chat [role="log"]');
    const last = asked[asked.length - 1];
    const top = () => { if (box) box.scrollTop += last.getBoundingClientRect().top - box.getBoundingClientRect().top - 8; };
    for (const wait of [60, 400, 1000]) setTimeout(top, wait);
  }
  questions = asked.length;
};
const labels = new MutationObserver(() => { label(); follow(); fit(); refused(); });
labels.observe(document.body, {childList: true, subtree: true});
stop.signal.addEventListener('abort', () => labels.disconnect());
