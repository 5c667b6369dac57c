import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

/** Asks for the numbers again when new facts have reached the lake. */
export function useFollowLake(market: string, position: number | undefined): void {
  const cache = useQueryClient();
  const seen = useRef<number | undefined>(undefined);
  useEffect(() => {
    if (position === undefined) return;
    if (seen.current !== undefined && seen.current !== position) void cache.invalidateQueries({ queryKey: ['metric', market] });
    seen.current = position;
  }, [cache, market, position]);
}
