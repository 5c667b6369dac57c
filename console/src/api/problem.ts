/** An answer that says what went wrong (RFC 9457), or the lack of any answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    readonly title: string,
    readonly detail: string,
    /** Why the engine refused, as `same-reviewer`; `/problems/CODE` explains it. */
    readonly code = '',
  ) {
    super(detail || title);
  }

  /** The last part of `type`, by which our own texts are found. */
  get name(): string {
    return this.type.split('/').pop() ?? '';
  }

  static unreachable(): Problem {
    return new Problem(0, '/problems/unreachable', '', '');
  }

  static of(status: number, body: unknown): Problem {
    const fields = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : '');
    return new Problem(status, text('type') || '/problems/unknown', text('title'), text('detail'), text('code'));
  }
}
