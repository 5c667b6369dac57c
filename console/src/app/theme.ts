import { type ThemeConfig, theme } from 'antd';

/** Colours that CSS, widgets and charts share. */
export interface Palette {
  primary: string;
  text: string;
  textSoft: string;
  line: string;
  panel: string;
  page: string;
  shade: string;
  series: string[];
  heat: [string, string];
}

const light: Palette = {
  primary: '#0b7a6f',
  text: '#17212b',
  textSoft: '#5d6b79',
  line: '#e4e8ec',
  panel: '#ffffff',
  page: '#f4f6f8',
  shade: 'rgba(214, 148, 34, 0.10)',
  series: ['#2f62c4', '#0b8f7f', '#d9822b', '#8a5cc2', '#c2506b', '#5c7080'],
  heat: ['#e3f3f0', '#0b6b61'],
};

const dark: Palette = {
  primary: '#2fb3a2',
  text: '#e6ebf0',
  textSoft: '#93a1af',
  line: '#27313b',
  panel: '#161d24',
  page: '#0e1318',
  shade: 'rgba(232, 170, 66, 0.12)',
  series: ['#6f9cf5', '#36c2af', '#f0a152', '#b490e6', '#e5809a', '#8ea3b5'],
  heat: ['#14312f', '#2fb3a2'],
};

export function paletteOf(isDark: boolean): Palette {
  return isDark ? dark : light;
}

export const fontFamily =
  "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif";

export function widgetTheme(isDark: boolean, still: boolean): ThemeConfig {
  const palette = paletteOf(isDark);
  return {
    algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: palette.primary,
      colorInfo: palette.primary,
      colorLink: palette.primary,
      colorTextBase: palette.text,
      colorBgBase: isDark ? palette.panel : '#ffffff',
      colorBgLayout: palette.page,
      colorBgContainer: palette.panel,
      colorBgElevated: isDark ? '#1d262f' : '#ffffff',
      colorBorder: isDark ? '#35414d' : '#d5dbe1',
      colorBorderSecondary: palette.line,
      borderRadius: 8,
      fontFamily,
      fontSize: 14,
      motion: !still,
    },
    components: {
      Table: { headerBg: isDark ? '#1b242c' : '#f7f9fa', cellPaddingBlockSM: 7, headerColor: palette.textSoft },
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
    },
  };
}
