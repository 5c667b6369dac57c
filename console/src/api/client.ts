import createClient, { type Middleware } from 'openapi-fetch';

import { Problem } from './problem';
import type { paths } from './schema';

const safe = new Set(['GET', 'HEAD']);

/** A change through a session needs a header that no other site can send. */
const csrf: Middleware = {
  onRequest({ request }) {
    if (!safe.has(request.method)) request.headers.set('X-Laotie-Csrf', '1');
    return request;
  },
};

export const client = createClient<paths>({ baseUrl: window.location.origin, credentials: 'same-origin' });
client.use(csrf);

interface Outcome {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** The body of an answer, or its problem thrown. */
export async function answer<T>(asked: Promise<Outcome>): Promise<T> {
  let outcome: Outcome;
  try {
    outcome = await asked;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw Problem.unreachable();
  }
  if (!outcome.response.ok) throw Problem.of(outcome.response.status, outcome.error);
  return outcome.data as T;
}
