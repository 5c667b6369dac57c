import { DownloadOutlined } from '@ant-design/icons';
import { Button, Empty, Skeleton, Tooltip } from 'antd';
import type { ReactNode } from 'react';

import { type Cell, download, toCsv } from '../format/csv';
import { useTexts } from '../i18n';
import { ProblemNote } from './ProblemNote';

export interface CsvTable {
  name: string;
  columns: string[];
  rows: Cell[][];
}

interface PanelProps {
  title: ReactNode;
  sub?: ReactNode;
  className?: string;
  extra?: ReactNode;
  foot?: ReactNode;
  csv?: CsvTable;
  loading?: boolean;
  problem?: Error | null;
  retry?: () => void;
  empty?: boolean;
  testId?: string;
  children: ReactNode;
}

/** A part of a page, in its four states: loading, broken, empty, there. */
export function Panel({ title, sub, className = '', extra, foot, csv, loading, problem, retry, empty, testId, children }: PanelProps) {
  const { t } = useTexts();
  return (
    <section className={`panel ${className}`} data-testid={testId} aria-busy={loading}>
      <div className="panel-head">
        <div className="grow">
          <h2>{title}</h2>
          {sub && <div className="sub">{sub}</div>}
        </div>
        {extra}
        {csv && <CsvButton table={csv} />}
      </div>
      {problem ? (
        <ProblemNote problem={problem} retry={retry} />
      ) : loading ? (
        <Skeleton active paragraph={{ rows: 5 }} title={false} />
      ) : empty ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<>{t('empty.period')}<br /><span className="soft small">{t('empty.period.way')}</span></>} />
      ) : (
        children
      )}
      {foot && !problem && !loading && <div className="panel-foot">{foot}</div>}
    </section>
  );
}

export function CsvButton({ table }: { table: CsvTable }) {
  const { t } = useTexts();
  return (
    <Tooltip title={t('common.csv')}>
      <Button
        size="small"
        icon={<DownloadOutlined />}
        aria-label={t('common.csv')}
        disabled={table.rows.length === 0}
        onClick={() => download(`${table.name}.csv`, toCsv(table.columns, table.rows))}
      />
    </Tooltip>
  );
}
