// Measures the page that it stands in, and says what is wrong with it: a line for each problem.
const problems = [];

const text = element => '"' + element.textContent + '"';

/** The box of a text without the room above and below its letters. */
function letters(element) {
  const box = element.getBoundingClientRect();
  const room = 0.2 * Math.min(box.width, box.height); // turned text is narrow instead of low
  return new DOMRect(box.x + room / 2, box.y + room, box.width - room, box.height - 2 * room);
}

const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const inside = (a, b) =>
  a.left >= b.left && a.right <= b.right && a.top >= b.top && a.bottom <= b.bottom;

/** The contrast of two colours as WCAG 2 defines it: 1 to 21. */
function contrast(one, other) {
  const luminance = color => {
    const [r, g, b] = color.match(/[\d.]+/g).slice(0, 3).map(value => {
      const c = value / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function measureDrawing(svg) {
  const area = svg.getBoundingClientRect();
  if (area.width < 300 || area.height < 100) {
    problems.push('a drawing of ' + area.width + ' x ' + area.height);
  }
  const texts = [...svg.querySelectorAll('text')].filter(t => t.textContent !== '');
  texts.forEach((one, i) => {
    const box = letters(one);
    if (!inside(box, area)) problems.push('outside of the drawing: ' + text(one));
    texts.slice(i + 1).filter(other => overlap(box, letters(other)))
      .forEach(other => problems.push('overlap: ' + text(one) + ' and ' + text(other)));
  });
  svg.querySelectorAll('.op').forEach(group => {
    const box = group.querySelector(':scope > rect');
    group.querySelectorAll(':scope > text')
      .forEach(t => {
        if (box && !inside(letters(t), box.getBoundingClientRect())) {
          problems.push('outside of its box: ' + text(t));
        }
      });
    group.querySelectorAll('circle, .field').forEach(mark =>
      group.querySelectorAll(':scope > text')
        .forEach(t => {
          if (overlap(letters(t), mark.getBoundingClientRect())) problems.push('over a glyph: ' + text(t));
        }));
  });
  const lines = [...svg.querySelectorAll('.mark-line')].map(line => line.getBoundingClientRect());
  svg.querySelectorAll('.mark text').forEach(t => {
    if (lines.some(line => overlap(letters(t), line))) problems.push('crossed by a line: ' + text(t));
  });
}

function measureContrast() {
  const paper = getComputedStyle(document.body).backgroundColor;
  const probe = document.createElement('i');
  probe.style.color = 'var(--panel)';
  document.body.append(probe);
  const panel = getComputedStyle(probe).color;
  probe.remove();
  const seen = new Set();
  document.querySelectorAll('svg text, h1, h2, p, dt, dd, th, td, caption, figcaption, li, span').forEach(e => {
    const style = getComputedStyle(e);
    const color = e instanceof SVGElement ? style.fill : style.color;
    for (const ground of [paper, panel]) {
      const pair = color + ' on ' + ground;
      if (contrast(color, ground) < 4.5 && !seen.has(pair)) problems.push('low contrast: ' + text(e) + ' ' + pair);
      seen.add(pair);
    }
  });
}

window.addEventListener('load', () => {
  document.querySelectorAll('svg').forEach(measureDrawing);
  measureContrast();
  if (document.documentElement.scrollWidth > window.innerWidth) {
    problems.push('wider than the window: ' + document.documentElement.scrollWidth);
  }
  [...document.querySelectorAll('[src], link, image, object')]
    .filter(file => !(file.getAttribute('src') || file.getAttribute('href') || '').startsWith('data:image/'))
    .forEach(file => problems.push('not in the page itself: ' + file.outerHTML));
  const report = document.createElement('pre');
  report.id = 'report';
  report.dataset.width = window.innerWidth;
  report.dataset.paper = getComputedStyle(document.body).backgroundColor;
  report.dataset.drawings = document.querySelectorAll('svg').length;
  report.dataset.rows = document.querySelectorAll('table.layers tbody tr').length;
  report.textContent = problems.join('\n');
  document.body.append(report);
});
