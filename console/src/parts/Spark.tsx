/** The course of a number in a corner of its card; the chart below tells it in full. */
export function Spark({ points }: { points: number[] }) {
  if (points.length < 3) return null;
  const [width, height] = [72, 26];
  const [low, high] = [Math.min(...points, 0), Math.max(...points)];
  const y = (value: number) => height - 2 - ((value - low) / (high - low || 1)) * (height - 4);
  const path = points.map((value, i) => `${((i / (points.length - 1)) * width).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  return (
    <svg className="spark" width={width} height={height} aria-hidden>
      <polyline points={path} fill="none" stroke="var(--primary)" strokeWidth={1.6} strokeLinejoin="round" strokeLinecap="round" />
    </svg>
  );
}
