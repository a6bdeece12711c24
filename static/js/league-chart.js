// The distribution of composites. Its figures are those of a table on the page, or of the one
// behind it, so that the chart never says what no table does. Colours come from the tokens.
(function () {
  const panel = document.querySelector("[data-league-chart]");
  const stage = panel.querySelector(".chart-strip");
  const font = getComputedStyle(document.body).fontFamily;
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);

  const token = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const areas = { fail: "--warn-weak", good: "--surface-3", excellent: "--ok-weak" };
  const symbols = { fail: "triangle", good: "circle", excellent: "diamond" };
  const bands = [...panel.querySelectorAll("[data-bands] li")].map((li) => ({
    low: Number(li.dataset.low), tint: li.dataset.tint, name: li.dataset.name, range: li.dataset.range,
  }));
  const narrow = stage.clientWidth < 600;
  const axisText = () => ({ color: token("--ink-2"), fontFamily: font, fontSize: 12 });

  function axisStart(lowest) {
    return Math.max(0, Math.min(70, Math.floor(lowest / 5) * 5));
  }

  function bandAreas(min) {
    const shown = bands.filter((band, n) => n === bands.length - 1 || bands[n + 1].low > min);
    return shown.map((band) => {
      const next = bands[bands.indexOf(band) + 1];
      return [
        {
          xAxis: Math.max(band.low, min), name: narrow ? band.name : `${band.name} ${band.range}`,
          itemStyle: { color: token(areas[band.tint]) },
          label: { color: token("--ink-2"), position: "insideTop", distance: 4, fontSize: 12, fontFamily: font },
        },
        { xAxis: next ? next.low : 100 },
      ];
    });
  }

  function xAxis(min) {
    return {
      type: "value", min, max: 100, interval: min < 50 ? 10 : 5, axisLabel: axisText(), axisTick: { show: false },
      axisLine: { lineStyle: { color: token("--line-strong") } }, splitLine: { show: false },
    };
  }

  // Marks that would overlap are stacked, so that every project can be seen.
  function stack(points, nearest) {
    const placed = [];
    return points.map((point) => {
      let level = 0;
      while (placed.some((other) => other.level === level && point.x - other.x < nearest)) level += 1;
      placed.push({ x: point.x, level });
      return { ...point, level };
    });
  }

  function dot(point, named, height) {
    const solid = { color: token(`--band-${point.band}`), borderColor: token("--surface"), borderWidth: 1 };
    const hollow = { color: token("--surface"), borderColor: token("--ink-3"), borderWidth: 2 };
    return {
      name: point.name, value: [point.x, point.level * height + 0.1], symbol: symbols[point.band] || "circle",
      itemStyle: point.band ? solid : hollow,
      label: {
        show: !narrow && named.has(point), position: point.level ? "right" : "top", distance: 4,
        formatter: point.name, color: token("--ink"), fontSize: 12, fontFamily: font,
      },
    };
  }

  function strip(rows) {
    const min = axisStart(Math.min(...rows.map((row) => row.x)));
    const nearest = (narrow ? 1.8 : 0.7) * ((100 - min) / 30);
    const points = stack(rows.sort((a, b) => a.x - b.x), nearest);
    const levels = Math.max(...points.map((point) => point.level), 3) + 1;
    const final = points.filter((point) => point.band);
    const named = new Set([...final.slice(0, 2), ...final.slice(-3)]);
    return {
      grid: { left: narrow ? 14 : 24, right: narrow ? 14 : 24, top: 8, bottom: 26 },
      tooltip: { renderMode: "richText", formatter: (p) => `${p.name}  ${p.value[0].toFixed(2)}` },
      xAxis: xAxis(min),
      yAxis: { show: false, min: -0.4, max: Math.max(4, levels) },
      series: [{
        type: "scatter", symbolSize: narrow ? 13 : 15, cursor: "default",
        data: points.map((point) => dot(point, named, 0.85)),
        markArea: { silent: true, data: bandAreas(min) },
      }],
    };
  }

  function bandOf(composite) {
    return bands.filter((band) => band.low <= composite).pop() || { tint: "good" };
  }

  function bars(bins) {
    const min = axisStart(Math.min(...bins.map((bin) => bin.points)));
    const most = Math.max(...bins.map((bin) => bin.count));
    const width = ((stage.clientWidth - 68) / (100 - min)) * 0.75;
    return {
      grid: { left: narrow ? 34 : 44, right: narrow ? 14 : 24, top: 24, bottom: 26 },
      tooltip: {
        renderMode: "richText", trigger: "axis", axisPointer: { type: "none" },
        formatter: ([p]) => `${Math.floor(p.value[0])}.00–${Math.floor(p.value[0])}.99  ${p.value[1]} ${panel.dataset.projects}`,
      },
      xAxis: xAxis(min),
      yAxis: { type: "value", minInterval: 1, splitNumber: 3, max: Math.ceil(most * 1.25), axisLabel: { ...axisText(), showMaxLabel: false }, splitLine: { show: false } },
      series: [{
        type: "bar", barWidth: Math.max(3, width),
        data: bins.map((bin) => ({
          value: [bin.points + 0.5, bin.count],
          itemStyle: { color: token(`--band-${bandOf(bin.points + 0.5).tint}`) },
        })),
        markArea: { silent: true, data: bandAreas(min) },
      }],
    };
  }

  function optionFrom(root) {
    const rows = [...root.querySelectorAll("tr[data-composite]")].filter((tr) => tr.dataset.composite);
    if (rows.length) {
      return strip(rows.map(({ dataset }) => ({ x: Number(dataset.composite), name: dataset.name, band: dataset.band })));
    }
    const bins = [...root.querySelectorAll("tr[data-points]")].map(({ dataset }) => ({
      points: Number(dataset.points), count: Number(dataset.count),
    }));
    return bins.length ? bars(bins) : null;
  }

  let chart = null;

  function draw(root) {
    const option = optionFrom(root);
    panel.hidden = !option;
    if (!option) return;
    if (!chart) {
      chart = echarts.init(stage, null, { renderer: "canvas" });
      new ResizeObserver(() => chart.resize()).observe(stage);
    }
    chart.setOption({ animation: false, textStyle: { fontFamily: font }, aria: { enabled: false }, ...option }, true);
  }

  async function fetchFigures() {
    const figures = panel.querySelector("[data-figures]");
    const answer = await fetch(panel.dataset.source);
    if (!answer.ok || answer.redirected) return;
    figures.innerHTML = await answer.text();
    draw(figures);
  }

  function read() {
    if (panel.dataset.source) fetchFigures();
    else draw(document);
  }

  document.addEventListener("league:changed", () => window.charts.then(read));
  window.charts.then(read);
}());
