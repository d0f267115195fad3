// The script of a page: read-outs on the charts and the player of episodes. The page says everything without it but the
// episodes. It asks for nothing from outside, and takes what it shows from the JSON beside each figure.
#include "report/page_parts.h"

namespace ddpg {

const char* page_script() {
  return R"js(
(function () {
  'use strict';

  // --- numbers, as the page writes them ---
  function grouped(text) {
    var parts = text.split('.');
    parts[0] = parts[0].replace(/\B(?=(\d{3})+$)/g, ',');
    return parts.join('.');
  }
  function readable(value) {
    if (value === null || value === undefined) return '\u2013';
    var size = Math.abs(value), text;
    if (size === 0) return '0';
    if (size < 1e-3 || size >= 1e15) text = size.toExponential(2);
    else text = grouped(size.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4));
    return (value < 0 ? '\u2212' : '') + text;
  }

  // --- read-outs: the values of all lines at the step under the pointer, or chosen with the arrow keys ---
  function add(parent, name, kind, text) {
    var element = document.createElement(name);
    if (kind) element.className = kind;
    if (text !== undefined) element.textContent = text;
    parent.appendChild(element);
    return element;
  }
  function svgElement(name, attributes) {
    var element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (var key in attributes) element.setAttribute(key, attributes[key]);
    return element;
  }
  function allSteps(lines) {
    var seen = new Set();
    lines.forEach(function (line) { line.x.forEach(function (x) { seen.add(x); }); });
    return Array.from(seen).sort(function (a, b) { return a - b; });
  }
  function nearest(sorted, value) {
    var best = 0;
    for (var i = 1; i < sorted.length; i++) if (Math.abs(sorted[i] - value) < Math.abs(sorted[best] - value)) best = i;
    return best;
  }
  function readouts(figure) {
    var source = figure.querySelector('script');
    if (!source) return;
    var lines = JSON.parse(source.textContent), steps = allSteps(lines);
    var tip = add(figure, 'div', 'tip');
    tip.hidden = true;
    tip.setAttribute('role', 'status');
    figure.querySelectorAll('svg[data-plot]').forEach(function (svg) { attach(figure, svg, lines, steps, tip); });
  }
  function attach(figure, svg, lines, steps, tip) {
    var plot = JSON.parse(svg.getAttribute('data-plot')), chosen = -1;
    var left = plot[0], top = plot[1], right = plot[2], bottom = plot[3];
    var marks = svg.appendChild(svgElement('g', {visibility: 'hidden'}));
    var cursor = marks.appendChild(svgElement('line', {'class': 'cursor', y1: top, y2: bottom}));
    var dots = lines.map(function (line) {
      return marks.appendChild(svgElement('circle', {'class': 'dot k' + line.colour, r: 3.5}));
    });
    function atX(step) { return left + (step - plot[4]) / (plot[5] - plot[4]) * (right - left); }
    function atY(value) {
      var share = plot[8] ? Math.log(value / plot[6]) / Math.log(plot[7] / plot[6]) : (value - plot[6]) / (plot[7] - plot[6]);
      return bottom - share * (bottom - top);
    }
    function describe(line, i) {
      var row = add(tip, 'div');
      add(row, 'span', 'swatch k' + line.colour);
      if (lines.length > 1) row.appendChild(document.createTextNode(line.name + '\u2002'));
      add(row, 'span', 'value', i < 0 ? '\u2013' : readable(line.y[i]));
      if (i >= 0 && line.low && line.low[i] !== null)
        add(row, 'small', '', '\u2002' + readable(line.low[i]) + ' to ' + readable(line.high[i]));
    }
    function show(index) {
      chosen = Math.max(0, Math.min(steps.length - 1, index));
      var step = steps[chosen], x = atX(step);
      tip.textContent = '';
      add(tip, 'b', '', 'step ' + grouped(String(step)));
      lines.forEach(function (line, n) {
        var i = line.x.indexOf(step), value = i < 0 ? null : line.y[i];
        describe(line, i);
        var visible = value !== null && (!plot[8] || value > 0);
        dots[n].setAttribute('visibility', visible ? 'inherit' : 'hidden');
        if (visible) { dots[n].setAttribute('cx', x); dots[n].setAttribute('cy', atY(value)); }
      });
      cursor.setAttribute('x1', x);
      cursor.setAttribute('x2', x);
      marks.setAttribute('visibility', 'visible');
      place(x);
    }
    function place(x) {
      tip.hidden = false;
      var box = svg.getBoundingClientRect(), outer = figure.getBoundingClientRect();
      var at = box.left - outer.left + x / svg.viewBox.baseVal.width * box.width;
      var over = at + tip.offsetWidth + 14 > outer.width;
      tip.style.left = Math.max(4, over ? at - tip.offsetWidth - 14 : at + 14) + 'px';
      tip.style.top = box.top - outer.top + top / svg.viewBox.baseVal.height * box.height + 6 + 'px';
    }
    function hide() { tip.hidden = true; marks.setAttribute('visibility', 'hidden'); }
    function follow(event) {
      var box = svg.getBoundingClientRect();
      var x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
      show(nearest(steps, plot[4] + (x - left) / (right - left) * (plot[5] - plot[4])));
    }
    svg.addEventListener('pointermove', follow);
    svg.addEventListener('pointerdown', follow);
    svg.addEventListener('pointerleave', hide);
    svg.addEventListener('blur', hide);
    svg.addEventListener('keydown', function (event) {
      if (event.key === 'Escape') return hide();
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      event.preventDefault();
      show(chosen < 0 ? steps.length - 1 : chosen + (event.key === 'ArrowRight' ? 1 : -1));
    });
  }

  // --- episodes ---
  function player(figure) {
    var source = figure.querySelector('script');
    if (!source) return;
    var episode = JSON.parse(source.textContent), frames = episode.frames, last = frames.length - 1;
    var canvas = figure.querySelector('canvas'), context = canvas.getContext('2d');
    var button = figure.querySelector('button'), slider = figure.querySelector('input'), output = figure.querySelector('output');
    var returns = [0], playing = false, position = 0, before = 0;
    episode.rewards.forEach(function (reward, i) { returns.push(returns[i] + reward); });

    function shape(item) {
      context.fillStyle = context.strokeStyle = item[2];
      context.beginPath();
      if (item[0] === 0) {
        context.arc(item[3], item[4], item[1], 0, 2 * Math.PI);
        return context.fill();
      }
      for (var i = 3; i < item.length; i += 2) context.lineTo(item[i], item[i + 1]);
      if (item[0] === 2) return context.fill();
      context.lineWidth = item[1];
      context.stroke();
    }
    function draw() {
      var i = Math.min(last, Math.floor(position)), scale = canvas.width / episode.width;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = episode.background;
      context.fillRect(0, 0, canvas.width, canvas.height);
      // centred, with the same scale in x and y, whatever the canvas has become
      scale = Math.min(scale, canvas.height / episode.height);
      context.setTransform(scale, 0, 0, scale, (canvas.width - scale * episode.width) / 2, (canvas.height - scale * episode.height) / 2);
      context.lineCap = context.lineJoin = 'round';
      frames[i].forEach(function (n) { shape(episode.shapes[n]); });
      slider.value = i;
      output.textContent = 'step ' + i + ' of ' + last + ' \u00b7 return ' + readable(returns[Math.min(i, returns.length - 1)]);
    }
    function fit() {
      var ratio = window.devicePixelRatio || 1;
      canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio));
      canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio));
      draw();
    }
    function set(on) {
      playing = on;
      button.classList.toggle('playing', on);
      button.setAttribute('aria-label', on ? 'Pause' : 'Play');
      if (!on) return;
      if (position >= last) position = 0;
      before = performance.now();
      requestAnimationFrame(next);
    }
    function next(now) {
      if (!playing) return;
      position = Math.min(last, position + Math.max(0, now - before) / 1000 * episode.rate);
      before = now;
      draw();
      if (position >= last) return set(false);
      requestAnimationFrame(next);
    }
    button.addEventListener('click', function () { set(!playing); });
    slider.addEventListener('input', function () { set(false); position = Number(slider.value); draw(); });
    window.addEventListener('resize', fit);
    fit();
    if (!window.IntersectionObserver || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    var watcher = new IntersectionObserver(function (entries) {  // plays once when it is first seen
      if (!entries.some(function (entry) { return entry.isIntersecting; })) return;
      watcher.disconnect();
      set(true);
    }, {threshold: 0.6});
    watcher.observe(canvas);
  }

  document.querySelectorAll('figure.chart').forEach(readouts);
  document.querySelectorAll('figure.player').forEach(player);
})();
)js";
}

}  // namespace ddpg
