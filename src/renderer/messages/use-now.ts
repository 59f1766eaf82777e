import { useEffect, useState } from 'react';

/** The time, renewed every so many milliseconds while `running`. */
export function useNow(running: boolean, every = 1000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    if (!running) return;
    setNow(new Date());
    const timer = setInterval(() => {
      setNow(new Date());
    }, every);
    return () => {
      clearInterval(timer);
    };
  }, [running, every]);
  return now;
}
