/** What the server answers, in the words of its public formats. */

export interface Bilingual {
  zh: string;
  en: string;
}

export type Unit = 'minor' | 'count' | 'ratio' | 'minor_per';

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Session {
  party: string;
  roles: string[];
  label: string;
  actions: string[];
}

export interface MarketSummary {
  market: string;
  title: Bilingual;
  kind: 'real' | 'simulated' | 'empty';
  currency?: string;
  time_zone?: string;
}

export interface ImportStatus {
  id: string;
  mapping: string;
  files: string[];
  state: 'running' | 'done' | 'failed';
  started: string;
  finished: string | null;
  read: number;
  recorded: number;
  repeated: number;
  refused: number;
  left_out: number;
  rows_per_second: number;
  error?: string;
}

export interface MarketStatus {
  market: string;
  title: Bilingual;
  kind: MarketSummary['kind'];
  currency: string;
  time_zone: string;
  version: string;
  facts: number;
  last_seen: string | null;
  first_at?: string | null;
  last_at?: string | null;
  waiting?: number;
  lake: { position: number; behind: number };
  imports: ImportStatus[];
}

/** How final a number is; the share counts days of the period, in millionths. */
export interface Maturity {
  final_through: string | null;
  share_ppm: number;
  note: Bilingual;
}

export type MetricRow = Record<string, string | number | null>;

export interface MetricAnswer {
  metric: string;
  version: string;
  name: Bilingual;
  definition: Bilingual;
  owner: string;
  unit: Unit;
  currency: string;
  from: string | null;
  to: string | null;
  by: string[];
  as_of: string | null;
  maturity: Maturity;
  rows: MetricRow[];
  truncated: boolean;
}

export interface MetricDefinition {
  id: string;
  version: string;
  owner: string;
  source: string;
  name: Bilingual;
  definition: Bilingual;
  grain: string;
  window: string;
  filters: string;
  unit: Unit;
  maturity: { days: number; note: Bilingual };
  dimensions: string[];
  sql: string;
  value: string | null;
  numerator: string | null;
  denominator: string | null;
  also: Record<string, string>;
}

export interface RecordedFact {
  seq: number;
  seen: string;
  at: string;
  source: string;
  key: string;
  kind: string;
  by?: unknown;
  because: number[];
  rules: string[];
  body: Record<string, unknown>;
  body_hash: string;
  hash: string;
}

export interface OrderSummary {
  order: string;
  buyer?: string;
  currency: string;
  paid_at: string;
  paid_minor: number;
  refunded_minor?: number;
  shop: string;
  status: string;
  streamer?: string;
}

export interface OrderStep {
  at: string;
  step: string;
  seq: number;
  until?: string;
  [field: string]: unknown;
}

export interface OrderView {
  id: string;
  order: { status: string; steps: OrderStep[]; waiting?: OrderStep[]; refused?: { code: string; seq: number }[] };
  history: RecordedFact[];
}

export interface SqlAnswer {
  columns: { name: string; type: string }[];
  rows: unknown[][];
  truncated: boolean;
}

export interface ApiKey {
  id: string;
  party: string;
  roles: string[];
  label: string;
  created: string;
}
