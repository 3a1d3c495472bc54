// Runs once, with Gradio's `element` (the evidence pane) and `trigger`. A click on a citation in the
// chat opens it in the pane, a click on the page enlarges it. Gradio labels a message with its source
// text, which is markup here: the label is taken off, so that screen readers read the message.
if (window.rqClick) document.removeEventListener('click', window.rqClick, true);
window.rqClick = (event) => {
  const link = event.target.closest('a[href*="#cite-"]');
  const step = event.target.closest('[data-step]');
  const sheet = event.target.closest('.rq-sheet');
  if (link) {
    event.preventDefault();
    event.stopPropagation();
    const [turn, position] = link.getAttribute('href').split('#cite-')[1].split('-').map(Number);
    trigger('select', {turn, position, step: 0});
    if (window.innerWidth <= 900) element.scrollIntoView({behavior: 'smooth'});
  } else if (step) {
    trigger('select', {turn: 0, position: 0, step: Number(step.dataset.step)});
  } else if (sheet) {
    sheet.classList.toggle('rq-large');
    const [x, y] = sheet.dataset.middle.split(' ').map(Number);
    sheet.scrollLeft = x * sheet.scrollWidth - sheet.clientWidth / 2;
    if (y > 0.4) sheet.scrollTop = y * sheet.scrollHeight - sheet.clientHeight / 2;
  }
};
document.addEventListener('click', window.rqClick, true);
new MutationObserver(() => {
  for (const message of document.querySelectorAll('#rq-chat [data-testid="bot"][aria-label]'))
    message.removeAttribute('aria-label');
}).observe(document.body, {childList: true, subtree: true});
