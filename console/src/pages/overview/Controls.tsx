import { DatePicker, Segmented, Select } from 'antd';
import dayjs from 'dayjs';

import { useFormats } from '../../app/market';
import { setQuery } from '../../app/router';
import { addDays, daysIn } from '../../format/days';
import { useTexts } from '../../i18n';
import { type Choice, type Preset, choosePreset, chooseRange, presets } from './period';

export function Controls({ choice }: { choice: Choice }) {
  const { t } = useTexts();
  const formats = useFormats();
  const { period, data } = choice;
  const last = addDays(period.to, -1);
  const custom = choice.preset === 'custom' ? [{ value: 'custom', label: t('period.custom') }] : [];
  return (
    <div className="page-head" style={{ alignItems: 'center' }}>
      <div className="controls">
        <Select
          aria-label={t('period.label')}
          title={t('period.ends')}
          value={choice.preset}
          options={[...presets.map((p) => ({ value: p as string, label: t(`period.${p}`) })), ...custom]}
          onChange={(value) => value !== 'custom' && choosePreset(value as Preset)}
          style={{ minWidth: 132 }}
          data-testid="period"
        />
        <DatePicker.RangePicker
          value={[dayjs(period.from), dayjs(last)]}
          allowClear={false}
          minDate={dayjs(data.from)}
          maxDate={dayjs(addDays(data.to, -1))}
          onChange={(days) => days?.[0] && days[1] && chooseRange(days[0].format('YYYY-MM-DD'), days[1].format('YYYY-MM-DD'))}
        />
        <Segmented
          aria-label={t('grain.label')}
          value={choice.grain}
          options={(['day', 'week', 'month', 'quarter'] as const).map((g) => ({ value: g, label: t(`grain.${g}`) }))}
          onChange={(grain) => setQuery({ grain })}
        />
        <Segmented
          aria-label={t('versus.label')}
          value={choice.versus}
          options={(['previous', 'year'] as const).map((v) => ({ value: v, label: t(`versus.${v}`) }))}
          onChange={(vs) => setQuery({ vs: vs === 'previous' ? undefined : vs })}
        />
      </div>
      <span className="soft small">
        {t('period.shown', { from: formats.day(period.from), to: formats.day(last), days: formats.count(daysIn(period)) })}
      </span>
    </div>
  );
}
