// Sections beside the company's median and best. The figures are those of the table below; the
// three are told apart by shape as well as by colour. Colours come from the tokens.
{
  const panel = document.querySelector("[data-section-chart]");
  const stage = panel.querySelector(".chart-sections");
  const rows = [...panel.querySelectorAll("tr[data-own]")].map((row) => row.dataset);
  const font = getComputedStyle(document.body).fontFamily;
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);

  const token = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const word = (name) => panel.querySelector(`th[data-${name}]`).textContent;
  const text = { color: token("--ink-2"), fontFamily: font, fontSize: 12 };
  const figures = (name) => rows.map((row) => Number(row[name]));

  stage.hidden = false;
  stage.style.height = `${rows.length * 28 + 72}px`;
  const narrow = stage.clientWidth < 600;
  const least = Math.min(...rows.flatMap((row) => [Number(row.own), Number(row.median)]));
  const marks = (name, symbol, size, look) => ({
    name: word(name), type: "scatter", symbol, symbolSize: size, data: figures(name),
    itemStyle: look, cursor: "default", z: 4,
  });
  const option = {
    animation: false, textStyle: { fontFamily: font }, aria: { enabled: false },
    grid: { left: narrow ? 104 : 180, right: 20, top: 36, bottom: 28 },
    legend: { top: 4, left: 0, textStyle: text, itemGap: narrow ? 12 : 24, selectedMode: false },
    tooltip: {
      renderMode: "richText", trigger: "axis", axisPointer: { type: "shadow" },
      formatter: (at) => {
        const row = rows[at[0].dataIndex];
        const lines = at.map((each) => `${each.seriesName}  ${each.value.toFixed(2)}`);
        return [`${row.of} · ${row.name}`, ...lines].join("\n");
      },
    },
    xAxis: {
      type: "value", min: Math.max(0, Math.floor((least - 1) / 10) * 10), max: 100,
      axisLabel: text, splitLine: { lineStyle: { color: token("--line") } },
    },
    yAxis: {
      type: "category", inverse: true, data: rows.map((row) => row.name),
      axisLabel: { ...text, width: narrow ? 92 : 168, overflow: "truncate" },
      axisTick: { show: false }, axisLine: { lineStyle: { color: token("--line-strong") } },
    },
    series: [
      // a dot and not a bar, whose length would say nothing on an axis that begins above nought
      marks("own", "circle", 12, { color: token("--accent") }),
      marks("median", "rect", [3, 18], { color: token("--ink") }),
      marks("best", "diamond", 13, { color: token("--surface"), borderColor: token("--accent"), borderWidth: 2 }),
    ],
  };
  window.charts.then((echarts) => {
    const chart = echarts.init(stage, null, { renderer: "canvas" });
    chart.setOption(option);
    new ResizeObserver(() => chart.resize()).observe(stage);
  });
}
